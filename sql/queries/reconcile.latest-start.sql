-- reconcile.latest-start: when the newest run of all began, and when the newest event of an exception was
SELECT
  (SELECT max(started_at) FROM comparison_run) AS run_at,
  (SELECT max(at) FROM exception_event) AS event_at
