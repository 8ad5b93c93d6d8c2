import { Link } from "@remix-run/react";
import type { Overview } from "../data/overview.server.ts";
import { plural, sayAgo, sayMoney } from "../format.ts";
import { Bar, sharesOf } from "./bar.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** Rules listed before the rest are folded away. */
const SHOWN = 12;

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
  const rest = rows.slice(SHOWN);
  const table = { currency, now };
  return (
    <>
      <RuleTable {...table} label="Open exceptions by rule" rows={rows.slice(0, SHOWN)} shares={shares} />
      {rest.length > 0 && (
        <details className="panel-body">
          <summary>
            {plural(rest.length, "more rule")}, {plural(openIn(rest), "exception")}
          </summary>
          <RuleTable
            {...table}
            label="Open exceptions by the other rules"
            rows={rest}
            shares={shares.slice(SHOWN)}
          />
        </details>
      )}
    </>
  );
}

function openIn(rows: Overview["byRule"]): number {
  return rows.reduce((n, r) => n + Number(r.open), 0);
}

function RuleTable({
  label,
  rows,
  shares,
  currency,
  now,
}: {
  label: string;
  rows: Overview["byRule"];
  shares: readonly number[];
  currency: string;
  now: string;
}) {
  return (
    <TableWrap label={label}>
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
