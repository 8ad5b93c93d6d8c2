-- One row per exception: its current state, as it was last folded from its events (see `exception_fold`, which says what each
-- column means, and reconcile/exception-state.ts, which keeps the rows up with the events), and its place in the order of the
-- queue: what blocks first, then the most money weighed by severity, then the id. Who does not ask for the evidence does not read it.
CREATE OR REPLACE VIEW exception AS
SELECT
  * EXCEPT (events),
  toUInt8(blocking) AS place,
  ifNull(money_reporting, 0) * (5 - severity) AS weight
FROM exception_state FINAL
