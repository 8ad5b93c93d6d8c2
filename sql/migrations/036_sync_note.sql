-- What a source does not let be seen in a stream, in a person's words.
ALTER TABLE sync_event
  ADD COLUMN IF NOT EXISTS note String
