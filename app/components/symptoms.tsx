import { Link } from "@remix-run/react";
import type { ExceptionPage } from "../data/exception-detail.server.ts";
import { plural, sayMoney } from "../format.ts";
import { Panel } from "./panel.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** The failures this exception explains, by rule; or, of a symptom, what explains it. Nothing of an exception that stands alone. */
export function Symptoms({ it }: { it: ExceptionPage }) {
  const { cause, total, symptoms } = it.case;
  if (cause)
    return (
      <Panel title="Why it is not in the queue">
        <p>
          It follows from another exception and is counted with it:{" "}
          <Link to={`/exceptions/${cause.id}#symptoms`}>{cause.ruleTitle}</Link>{" "}
          <span className="muted">
            ({cause.rule}, {cause.key})
          </span>
          . Once that is put right, this resolves with it or stands on its own.
        </p>
      </Panel>
    );
  if (symptoms.length === 0) return null;
  const count = symptoms.reduce((n, s) => n + s.symptoms, 0);
  return (
    <div id="symptoms">
      <Panel title="Symptoms" aside={plural(count, "failure", "failures")} flush>
        <div className="panel-body">
          <p>
            {count === 1 ? "One more failure follows" : `${count} more failures follow`} from this one and{" "}
            {count === 1 ? "is" : "are"} not opened on {count === 1 ? "its" : "their"} own.
            {total && total.items > 0 && (
              <>
                {" "}
                All in all, <strong>{sayMoney(total.total_reporting, it.currency, 2)}</strong> on{" "}
                {plural(total.items, "billable item")}, each counted once
                {total.unpriced > 0 && `, ${total.unpriced} of them without a rate`}.
              </>
            )}
          </p>
        </div>
        <TableWrap label="Symptoms by rule">
          <table>
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col" className="num">
                  Failures
                </th>
                <th scope="col" className="num">
                  At stake, {it.currency}
                </th>
                <th scope="col">First of them</th>
              </tr>
            </thead>
            <tbody>
              {symptoms.map((s) => (
                <tr key={`${s.rule} ${s.comparison}`}>
                  <th scope="row">
                    {s.ruleTitle}
                    <span className="muted small block">{s.rule}</span>
                  </th>
                  <td className="num">{s.symptoms}</td>
                  <td className="num">
                    {s.hasMoney ? sayMoney(s.money_reporting, it.currency, 2) : "–"}
                    {s.hasMoney && s.unpriced > 0 && (
                      <span className="muted small block">{s.unpriced} not priced</span>
                    )}
                  </td>
                  <td className="what">
                    {s.first.map((f, n) => (
                      <span key={f.id}>
                        {n > 0 && ", "}
                        <Link to={`/exceptions/${f.id}`}>{f.key}</Link>
                      </span>
                    ))}
                    {s.symptoms > s.first.length && (
                      <span className="muted"> and {s.symptoms - s.first.length} more</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableWrap>
      </Panel>
    </div>
  );
}
