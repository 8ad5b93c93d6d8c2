import type { Overview } from "../data/overview.server.ts";
import { plural, sayCount, sayMoney, sayPercent, saySpan } from "../format.ts";
import { Tile } from "./tile.tsx";

/** The figures at the head of the overview; each opens its rows and says what it covers. */
export function OverviewTiles({ it }: { it: Overview }) {
  const { figures: f, latency: l, currency } = it;
  const { invoices: c, leakage, margin } = it.kpi;
  const revenue = it.kpi.revenue.total;
  return (
    <div className="tiles">
      {revenue && (
        <Tile
          name="Blocked revenue"
          figure={sayMoney(revenue.value, currency)}
          note={`${plural(revenue.items, "billable item")}, each counted once${revenue.unpriced > 0 ? `; ${sayCount(revenue.unpriced)} of them have no price` : ""}${revenue.invoiced_items > 0 ? `; ${sayMoney(revenue.invoiced_value, currency)} more is invoiced already` : ""}`}
          to="/exceptions?blocking=hard"
        />
      )}
      {f && (
        <>
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
          name="Invoices blocked by data"
          figure={c.share === null ? "–" : sayPercent(c.share)}
          note={`${sayCount(c.blocked)} of ${plural(c.candidates, "candidate")}${c.value_share === null ? "" : `, ${sayPercent(c.value_share)} of their value`}${c.unknown > 0 ? `; ${sayCount(c.unknown)} cannot be told` : ""}`}
          to="#candidates"
        />
      )}
      {leakage && (
        <Tile
          name="Rate leakage"
          figure={sayMoney(leakage.gross, currency)}
          note={`${leakage.share === null ? "no rated work" : `${sayPercent(leakage.share, 2)} of rated work`} in ${it.kpi.period.days} d; billed over contract: ${sayMoney(leakage.over, currency)}`}
          to="#leakage"
        />
      )}
      <Tile
        name="Margin integrity"
        figure={margin.accepted ?? "–"}
        note={margin.accepted === null ? margin.why : `of 100; ${margin.raw} with what was waived`}
        to="#margin"
      />
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
