-- What one step of a run found: how many keys and rows it saw, and the keys to be judged. One row per run and step.
CREATE TABLE IF NOT EXISTS find_step
(
  run_id String,
  step   Enum8('left' = 1, 'right' = 2, 'join' = 3, 'touched' = 4, 'rows' = 5),
  run_at DateTime64(3, 'UTC'),
  keys   UInt64,
  rows   UInt64,
  ks     Array(UInt64),
  -- the server's own time of storing, which alone decides when a row may go
  stored_at DateTime MATERIALIZED now()
)
ENGINE = {{MergeTree}}
ORDER BY (run_id, step)
TTL stored_at + INTERVAL 1 DAY
