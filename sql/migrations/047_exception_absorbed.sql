-- A failure that another one explains is a symptom of it: the event says so, and which exception explains it.
ALTER TABLE exception_event
  MODIFY COLUMN type Enum8('suspected' = 1, 'opened' = 2, 'seen' = 3, 'changed' = 4, 'reopened' = 5, 'resolved' = 6, 'acknowledged' = 7, 'assigned' = 8, 'commented' = 9, 'snoozed' = 10, 'waived' = 11, 'cleared' = 12, 'woke' = 13, 'absorbed' = 14),
  ADD COLUMN IF NOT EXISTS cause_id String DEFAULT ''
