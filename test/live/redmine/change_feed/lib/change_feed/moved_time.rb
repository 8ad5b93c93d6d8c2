module ChangeFeed
  # An issue that moves to another project takes its time along in one statement, past all callbacks.
  module MovedTime
    private

    def after_project_change
      before = TimeEntry.where(issue_id: id).map { |entry| [entry, Shape.of(entry)] }
      super.tap { before.each { |entry, shape| ChangeFeed.add(entry, 'update', shape, ChangeFeed.stored(entry)) } }
    end
  end
end
