module ChangeFeed
  # Adds every creation, update and deletion of a model to the feed.
  module Recorded
    extend ActiveSupport::Concern

    included do
      before_save { @before_change = persisted? ? ChangeFeed.stored(self) : nil }
      after_save { ChangeFeed.add(self, @before_change ? 'update' : 'create', @before_change, ChangeFeed.stored(self)) }
      # Before anything that belongs to the record goes.
      before_destroy(prepend: true) { @before_change = ChangeFeed.stored(self) }
      after_destroy { ChangeFeed.add(self, 'delete', @before_change, nil) }
    end
  end
end
