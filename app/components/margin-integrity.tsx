import type { Kpis } from "../data/kpi.server.ts";
import { sayMoney, sayPercent } from "../format.ts";
import { HowComputed } from "./how-computed.tsx";
import { Panel } from "./panel.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** The score of delivered work that is free of failures, and what it is made of. */
export function MarginIntegrity({ it, currency }: { it: Kpis; currency: string }) {
  const { margin } = it;
  return (
    <Panel title="Margin integrity" aside={`work of the last ${it.period.days} days`} id="margin" flush>
      <div className="panel-body">
        <p>
          {margin.accepted === null
            ? margin.why
            : `${margin.accepted} of 100; ${margin.raw} when what was waived counts as failing.`}
        </p>
        <HowComputed>
          <p>
            Of the delivered work, by value at contract rates (cost: by what it cost), the share that fails no
            standing rule of the component. The score is the average by weight over the components with work
            that was looked at; the weight of the others is spread over them. No score is given when less than
            95 % of the items of a component that weighs 15 % or more could be evaluated. Weights are version{" "}
            {margin.version}.
          </p>
        </HowComputed>
      </div>
      <TableWrap label="Components of margin integrity">
        <table className="rows">
          <thead>
            <tr>
              <th scope="col">Component</th>
              <th scope="col" className="num">
                Weight
              </th>
              <th scope="col" className="num">
                Free of failures
              </th>
              <th scope="col" className="num">
                With waived
              </th>
              <th scope="col" className="num">
                Failing
              </th>
              <th scope="col" className="num">
                Evaluated
              </th>
              <th scope="col" className="num">
                Coverage
              </th>
            </tr>
          </thead>
          <tbody>
            {margin.components.map((c) => (
              <tr key={c.component}>
                <td>
                  {c.name.charAt(0).toUpperCase() + c.name.slice(1)}
                  {c.state !== "scored" && (
                    <span className="under">
                      {c.state === "none" ? "not evaluated" : "too little evaluated"}
                    </span>
                  )}
                </td>
                <td className="num">{c.weight}</td>
                <td className="num">{sayPercent(c.accepted)}</td>
                <td className="num">{sayPercent(c.raw)}</td>
                <td className="num">{c.state === "none" ? "–" : sayMoney(c.failing, currency)}</td>
                <td className="num">{c.state === "none" ? "–" : sayMoney(c.evaluated, currency)}</td>
                <td className="num">{sayPercent(c.coverage)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableWrap>
    </Panel>
  );
}
