-- reconcile.behind: one row, whether exceptions may have events their state was not folded from. No row counts more events than its
-- exception has, so that equal sums mean equal rows; an event stored twice and not merged yet only makes this ask once too often.
SELECT ifNull((SELECT count() FROM exception_event) != (SELECT sum(events) FROM exception_state FINAL), 1) AS is_behind
