import { Link } from "@remix-run/react";
import type { ExceptionPage } from "../data/exception-detail.server.ts";
import { isNever, plural, sayDate, sayMoney, sayNumber } from "../format.ts";
import { Panel } from "./panel.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** What hangs on it: money with its formula, and the billable items it holds up. */
export function Impact({ it }: { it: ExceptionPage }) {
  const { row, evidence, items } = it;
  const money = evidence?.money;
  return (
    <Panel title="Impact">
      <div className="stack-small">
        {row.money === null ? (
          <p className="tile-figure">{it.rule?.hasMoney ? "Not priced" : "No money"}</p>
        ) : (
          <p>
            <span className="tile-figure">{sayMoney(row.money, row.currency, 2)}</span> at stake
            {row.currency !== it.currency && row.money_reporting !== null && (
              <span className="muted block">
                {sayMoney(row.money_reporting, it.currency, 2)} in the reporting currency
              </span>
            )}
          </p>
        )}
        {money?.formula && <p className="muted small">{money.formula}</p>}
        {money && money.unpriced > 0 && (
          <p className="small">
            {money.items > 0
              ? `${plural(money.unpriced, "line")} without a contract rate, counted but not priced.`
              : "Not priced: a rate it is worked out from is not known to any system."}
          </p>
        )}
        {items.rows.length > 0 && (
          <details>
            <summary>{plural(money?.items ?? items.rows.length, "billable item")} held up</summary>
            <TableWrap label="Billable items held up">
              <table>
                <thead>
                  <tr>
                    <th scope="col">{items.rows.every((i) => isTime(i.item_key)) ? "Worked on" : "Item"}</th>
                    <th scope="col" className="num">
                      Hours
                    </th>
                    <th scope="col" className="num">
                      Worth
                    </th>
                    <th scope="col" className="num">
                      At stake
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.rows.map((i) => (
                    <tr key={i.item_key} title={i.item_key}>
                      <th scope="row">
                        {kindWords(i.item_key)}
                        {isNever(i.work_on) ? i.item_key : sayDate(i.work_on)}
                      </th>
                      <td className="num">{isTime(i.item_key) ? sayNumber(i.hours, 2) : ""}</td>
                      <td className="num">{i.is_unpriced ? "no rate" : sayMoney(i.value, i.currency, 2)}</td>
                      <td className="num">{i.is_unpriced ? "–" : sayMoney(i.at_stake, i.currency, 2)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableWrap>
            {(money?.items ?? 0) > items.rows.length && (
              <p className="muted small">The {items.shown} largest are listed.</p>
            )}
          </details>
        )}
        {items.overlap > 0 && (
          <p className="small">
            {(money?.items ?? 0) > items.rows.length && `Of the ${items.shown} largest, `}
            {plural(items.overlap, "item")} {items.overlap === 1 ? "is" : "are"} also held up by another
            exception and counted there.{" "}
            <Link to={`/exceptions?${new URLSearchParams({ status: "standing", project: row.project_key })}`}>
              Same project
            </Link>
          </p>
        )}
      </div>
    </Panel>
  );
}

/** Lines of time go by their own key; other items say what they are. */
function isTime(item: string): boolean {
  return kindWords(item) === "";
}

function kindWords(item: string): string {
  if (item.startsWith("expense:")) return "Expense of ";
  return item.startsWith("milestone:") ? "Milestone due " : "";
}
