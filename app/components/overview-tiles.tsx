import type { Overview } from "../data/overview.server.ts";
import { plural, sayCount, sayMoney, saySpan } from "../format.ts";
import { Tile } from "./tile.tsx";

/** The figures at the head of the overview; each opens its rows and says what it covers. */
export function OverviewTiles({ it }: { it: Overview }) {
  const { figures: f, candidates: c, latency: l, currency } = it;
  return (
    <div className="tiles">
      {f && (
        <>
          <Tile
            name="Blocked revenue"
            figure={sayMoney(f.blocked_value, currency)}
            note={`${plural(f.blocked_items, "billable item")}, each counted once${f.blocked_unpriced > 0 ? `; ${sayCount(f.blocked_unpriced)} more have no price` : ""}`}
            to="/exceptions?blocking=hard"
          />
          <Tile
            name="Margin at stake"
            figure={sayMoney(f.margin_at_stake, currency)}
            note={`${plural(f.margin_exceptions, "rate exception")}${f.margin_unpriced > 0 ? `; ${f.margin_unpriced} without a price` : ""}`}
            to="/exceptions?rule=RAT-01&rule=RAT-02&rule=ASG-04"
          />
          <Tile
            name="Open criticals"
            figure={sayCount(f.critical)}
            note={`of ${plural(f.open, "open exception")}; ${sayCount(f.unassigned)} unassigned`}
            to="/exceptions?severity=1"
          />
        </>
      )}
      {c && (
        <Tile
          name="Invoice candidates blocked"
          figure={c.candidates === 0 ? "–" : `${c.held} of ${c.candidates}`}
          note={`${sayCount(c.held_lines)} of ${plural(c.lines, "unbilled time line")} held up`}
          to="/exceptions?blocking=hard"
        />
      )}
      {l && (
        <Tile
          name="Approved time to ERP"
          figure={l.lines === 0 ? "–" : `${l.upper_bounds > 0 ? "≤ " : ""}${saySpan(l.p50_s * 1000)} median`}
          note={
            l.lines === 0
              ? `no line with a known approval in ${it.latencyDays} d`
              : `95% within ${saySpan(l.p95_s * 1000)}; n = ${sayCount(l.lines)} of ${sayCount(l.posted)} posted in ${it.latencyDays} d${sayAtMost(l.upper_bounds, l.lines)}`
          }
          to="/exceptions?rule=TIM-01"
        />
      )}
      <Tile
        name="Pushes"
        figure={sayCount(it.waiting)}
        note={`waiting for approval; ${sayCount(it.verified)} verified so far`}
        to="/pushes"
      />
    </div>
  );
}

/** Why the times are an upper bound: where no log tells when a line was approved, the time since it was booked stands in. */
function sayAtMost(bounds: number, lines: number): string {
  if (bounds === 0) return "";
  const which = bounds === lines ? "all" : sayCount(bounds);
  return `; ${which} counted from booking (≤), as no log has their approval`;
}
