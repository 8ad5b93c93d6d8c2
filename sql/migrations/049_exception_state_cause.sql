-- Of a symptom, the exception that explains it. No event before this could name one, so the rows there are still hold.
ALTER TABLE exception_state
  ADD COLUMN IF NOT EXISTS cause_id String DEFAULT ''
