import { Link } from "@remix-run/react";
import type { Overview } from "../data/overview.server.ts";
import { sayMoney } from "../format.ts";
import { Bar, sharesOf } from "./bar.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** The clients with most held up; every billable item counts once. */
export function OpenByClient({ rows, currency }: { rows: Overview["byClient"]; currency: string }) {
  const shares = sharesOf(rows.map((r) => r.held));
  return (
    <TableWrap label="Open exceptions by client">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Client</th>
            <th scope="col" className="num">
              Open
            </th>
            <th scope="col" className="num">
              Held up, {currency}
            </th>
            <th scope="col" className="wide-only">
              <span className="hidden-text">Share</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r, n) => (
            <tr key={r.customer_key}>
              <td>
                {r.customer_key === "" ? (
                  <span className="muted">Not tied to a client</span>
                ) : (
                  <Link to={`/exceptions?${new URLSearchParams({ client: r.customer_key })}`}>
                    {r.name || r.customer_key}
                  </Link>
                )}
              </td>
              <td className="num">{r.open}</td>
              <td className="num">{sayMoney(r.held, currency)}</td>
              <td className="wide-only">
                <Bar share={shares[n] ?? 0} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}
