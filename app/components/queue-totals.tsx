import type { QueuePage } from "../data/queue.server.ts";
import { plural, sayCount, sayMoney } from "../format.ts";

/** The whole filter in a sentence, whatever page is shown. */
export function QueueTotals({ it }: { it: QueuePage }) {
  const { totals: t, currency } = it;
  if (!t) return null;
  return (
    <p>
      <strong>{plural(t.total, "exception")}</strong>
      <span className="muted">
        {" "}
        · {sayCount(t.critical)} critical · {sayMoney(t.claimed, currency)} claimed
        {t.unpriced > 0 && ` (${sayCount(t.unpriced)} without money)`} · {sayMoney(t.held_value, currency)}{" "}
        held up on {plural(t.held_items, "billable item")}, each counted once
      </span>
    </p>
  );
}
