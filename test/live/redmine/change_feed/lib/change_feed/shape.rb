module ChangeFeed
  # Records in the form Redmine's own REST API gives them.
  module Shape
    module_function

    def of(record, fields = nil)
      case record
      when TimeEntry then time_entry(record, fields)
      when Issue then issue(record)
      when Project then project(record)
      when Member then membership(record)
      end
    end

    # fields: [custom field, value] pairs where the caller has them already
    def time_entry(entry, fields = nil)
      {
        id: entry.id, project: named(entry.project), issue: entry.issue_id && { id: entry.issue_id },
        user: named(entry.user), activity: named(entry.activity)
      }.compact.merge(
        hours: entry.hours, comments: entry.comments, spent_on: entry.spent_on,
        created_on: time(entry.created_on), updated_on: time(entry.updated_on)
      ).merge(custom(fields || own_fields(entry)))
    end

    def issue(issue)
      {
        id: issue.id, project: named(issue.project), tracker: named(issue.tracker),
        status: named(issue.status)&.merge(is_closed: issue.status.is_closed), priority: named(issue.priority),
        author: named(issue.author), assigned_to: named(issue.assigned_to),
        parent: issue.parent_id && { id: issue.parent_id }
      }.compact.merge(
        subject: issue.subject, description: issue.description, start_date: issue.start_date, due_date: issue.due_date,
        done_ratio: issue.done_ratio, is_private: issue.is_private, estimated_hours: issue.estimated_hours
      ).merge(custom(own_fields(issue))).merge(
        created_on: time(issue.created_on), updated_on: time(issue.updated_on), closed_on: time(issue.closed_on),
        lock_version: issue.lock_version
      )
    end

    def project(project)
      {
        id: project.id, name: project.name, identifier: project.identifier, parent: named(project.parent)
      }.compact.merge(
        description: project.description, status: project.status, is_public: project.is_public?, inherit_members: project.inherit_members?
      ).merge(custom(own_fields(project))).merge(
        created_on: time(project.created_on), updated_on: time(project.updated_on)
      )
    end

    def membership(member)
      {
        id: member.id, project: named(member.project),
        (member.principal.is_a?(Group) ? :group : :user) => named(member.principal),
        roles: member.member_roles.reload.map { |r| named(r.role)&.merge(r.inherited_from ? { inherited: true } : {}) }.compact
      }
    end

    def own_fields(record)
      record.custom_field_values.map { |held| [held.custom_field, held.value] }
    end

    def custom(pairs)
      return {} if pairs.empty?

      { custom_fields: pairs.map do |field, value|
        field.multiple? ? { id: field.id, name: field.name, multiple: true, value: value } : { id: field.id, name: field.name, value: value }
      end }
    end

    def named(thing)
      thing && { id: thing.id, name: thing.name }
    end

    def time(at)
      at&.xmlschema(0)
    end
  end
end
