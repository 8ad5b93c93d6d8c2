class ChangeFeedController < ApplicationController
  before_action :require_admin
  accept_api_auth :index, :time_entries

  LIMIT = 2000

  # `next` is where to go on; `last` is the newest change there is.
  def index
    last = ChangeFeed::Entry.maximum(:id) || 0
    changes = ChangeFeed::Entry.where('id > ?', after).order(:id).limit(limit).to_a
    render json: { changes: changes.map { |change| shown(change) }, next: changes.last&.id || after, last: last }
  end

  # `last_change` is the newest change before the page was read: whoever reads the feed from the first page's on
  # misses nothing.
  def time_entries
    last = ChangeFeed::Entry.maximum(:id) || 0
    entries = TimeEntry.where('time_entries.id > ?', after).order(:id).limit(limit).preload(:project, :user, :activity).to_a
    fields = TimeEntryCustomField.sorted.to_a
    values = CustomValue.where(customized_type: 'TimeEntry', customized_id: entries.map(&:id))
                        .pluck(:customized_id, :custom_field_id, :value).group_by { |id, field, _| [id, field] }
    shapes = entries.map do |entry|
      ChangeFeed::Shape.of(entry, fields.map do |field|
        held = (values[[entry.id, field.id]] || []).map(&:last)
        [field, field.multiple? ? held : held.first]
      end)
    end
    render json: { time_entries: shapes, last_change: last }
  end

  private

  def shown(change)
    {
      id: change.id, entity: change.entity, record_id: change.record_id, op: change.op,
      actor_id: change.actor_id, actor: change.actor, at: change.at.utc.iso8601(6),
      record: change.json_after && JSON.parse(change.json_after),
      previous: change.json_before && JSON.parse(change.json_before)
    }
  end

  def after
    params[:after].to_i
  end

  def limit
    (params[:limit] || LIMIT).to_i.clamp(1, LIMIT)
  end
end
