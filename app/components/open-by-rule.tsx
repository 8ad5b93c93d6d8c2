import { Link } from "@remix-run/react";
import type { Overview } from "../data/overview.server.ts";
import { sayAgo, sayMoney } from "../format.ts";
import { Bar, sharesOf } from "./bar.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** What stands open, by rule. A client's line may count under several rules here, which the note under the title says. */
export function OpenByRule({
  rows,
  currency,
  now,
}: {
  rows: Overview["byRule"];
  currency: string;
  now: string;
}) {
  const shares = sharesOf(rows.map((r) => r.stake));
  return (
    <TableWrap label="Open exceptions by rule">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col" className="num">
              Open
            </th>
            <th scope="col" className="num">
              Money claimed, {currency}
            </th>
            <th scope="col" className="wide-only">
              <span className="hidden-text">Share</span>
            </th>
            <th scope="col" className="num wide-only">
              Oldest
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r, n) => (
            <tr key={r.rule}>
              <td>
                <Link to={`/exceptions?rule=${r.rule}`}>{r.title}</Link>
                <span className="muted small nowrap"> {r.rule}</span>
              </td>
              <td className="num">{r.open}</td>
              <td className="num">
                {r.unpriced === r.open ? (
                  <span className="muted">{r.hasMoney ? "not priced" : "–"}</span>
                ) : (
                  sayMoney(r.stake, currency)
                )}
              </td>
              <td className="wide-only">
                <Bar share={shares[n] ?? 0} />
              </td>
              <td className="num wide-only">{sayAgo(r.oldest_at, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}
