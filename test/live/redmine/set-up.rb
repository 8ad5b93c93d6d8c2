# What a Redmine administrator sets up once and REST cannot: run with `bin/rails runner`, as often as one likes.
settings = {
  'rest_api_enabled' => '1', 'login_required' => '1', 'default_language' => 'en', 'notified_events' => [],
  'timespan_format' => 'decimal', 'timelog_max_hours_per_day' => '999'
}
settings.each { |name, value| Setting[name] = value }

admin = User.find_by!(login: 'admin')
admin.update!(password: ENV.fetch('REDMINE_ADMIN_PASSWORD'), must_change_passwd: false)

def tracker(name)
  Tracker.find_by(name: name) || Tracker.create!(name: name, default_status: IssueStatus.order(:position).first)
end

def field(kind, name, format, **more)
  found = kind.find_or_initialize_by(name: name)
  found.assign_attributes(field_format: format, is_filter: true, visible: true, **more)
  found.save!
end

task = tracker('Task')
allocation = tracker('Allocation')
rate = tracker('Rate card line')

field ProjectCustomField, 'Client ref', 'string'
field ProjectCustomField, 'Opportunity', 'string'
field UserCustomField, 'Employee no', 'string'
field UserCustomField, 'Role', 'string'
field TimeEntryCustomField, 'Approval', 'list',
      possible_values: %w[draft submitted approved rejected], default_value: 'draft', is_required: true
field IssueCustomField, 'Allocation %', 'float', trackers: [allocation], is_for_all: true
field IssueCustomField, 'Hourly rate', 'float', trackers: [allocation, rate], is_for_all: true
field IssueCustomField, 'Currency', 'list', trackers: [rate], is_for_all: true, possible_values: %w[EUR USD]

# Everybody on a project books time, also for others, and moves its issues through every status.
member = Role.find_or_initialize_by(name: 'Project member')
member.permissions = %i[
  view_issues add_issues edit_issues manage_subtasks log_time view_time_entries edit_time_entries edit_own_time_entries
  log_time_for_other_users
]
member.save!
statuses = IssueStatus.pluck(:id)
[task, allocation, rate].each do |of|
  statuses.permutation(2).each do |from, to|
    WorkflowTransition.find_or_create_by!(role_id: member.id, tracker_id: of.id, old_status_id: from, new_status_id: to)
  end
end
