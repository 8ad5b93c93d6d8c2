-- A comparison that the configured sources cannot feed is not made, and its run record says so.
ALTER TABLE comparison_run
  MODIFY COLUMN status Enum8('clean' = 1, 'exceptions' = 2, 'inconclusive' = 3, 'failed' = 4, 'not_applicable' = 5)
