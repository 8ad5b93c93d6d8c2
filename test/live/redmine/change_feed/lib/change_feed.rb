module ChangeFeed
  class Entry < ActiveRecord::Base
    self.table_name = 'change_feed_entries'
  end

  ENTITIES = { 'TimeEntry' => 'time_entry', 'Issue' => 'issue', 'Project' => 'project', 'Member' => 'membership' }.freeze

  # Add one change, in the transaction that makes it. Nothing is added when only the time stamp differs.
  def self.add(record, operation, before, after)
    stampless = ->(shape) { shape&.except(:updated_on, :lock_version) }
    return if operation == 'update' && stampless.(before) == stampless.(after)

    Entry.create!(
      entity: ENTITIES.fetch(record.class.name), record_id: record.id, op: operation,
      actor_id: User.current.id, actor: User.current.login, at: Time.now.utc,
      json_after: after&.to_json, json_before: before&.to_json
    )
  end

  # A record as the database holds it now, in the form the REST API shows it.
  def self.stored(record)
    Shape.of(record.class.find(record.id))
  end
end
