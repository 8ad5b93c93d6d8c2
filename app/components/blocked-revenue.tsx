import { Link } from "@remix-run/react";
import type { Kpis } from "../data/kpi.server.ts";
import { sayCount, sayMoney } from "../format.ts";
import { HowComputed } from "./how-computed.tsx";
import { Panel } from "./panel.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** What is held up, under the one exception that is each item's primary blocker, so that the rules add up to the total. */
export function BlockedRevenue({ it, currency }: { it: Kpis; currency: string }) {
  const { total, byRule } = it.revenue;
  const money = (value: string) => sayMoney(value, currency, 2);
  return (
    <Panel title="Blocked revenue" aside="each item under its primary blocker" flush>
      <div className="panel-body">
        <HowComputed>
          <p>
            The value of every billable item that is on no invoice and that at least one hard-blocking
            exception holds up, each item once: contract rate on the work date × hours, or the amount of the
            expense or milestone. It is counted under its primary blocker: the most severe, then the oldest.
            Overlap is the part that other exceptions hold up as well. Due soon is the part whose cutoff is at
            most five business days off, or past.
          </p>
        </HowComputed>
      </div>
      <TableWrap label="Blocked revenue by primary blocker">
        <table className="rows">
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col" className="num">
                Items
              </th>
              <th scope="col" className="num">
                Blocked
              </th>
              <th scope="col" className="num">
                Overlap
              </th>
              <th scope="col" className="num">
                Due soon
              </th>
            </tr>
          </thead>
          <tbody>
            {byRule.map((r) => (
              <tr key={r.rule}>
                <td>
                  <Link to={`/exceptions?rule=${r.rule}&blocking=hard`}>{r.title}</Link>
                  <span className="under">{r.rule}</span>
                </td>
                <td className="num">{sayCount(r.items)}</td>
                <td className="num">{money(r.value)}</td>
                <td className="num">{money(r.overlap)}</td>
                <td className="num">{money(r.due)}</td>
              </tr>
            ))}
          </tbody>
          {total && (
            <tfoot>
              <tr>
                <th scope="row">All</th>
                <td className="num">{sayCount(total.items)}</td>
                <td className="num">{money(total.value)}</td>
                <td className="num">{money(total.overlap)}</td>
                <td className="num">{money(total.due)}</td>
              </tr>
            </tfoot>
          )}
        </table>
      </TableWrap>
    </Panel>
  );
}
