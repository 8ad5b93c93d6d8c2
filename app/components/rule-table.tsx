import { Link } from "@remix-run/react";
import type { RulesPage } from "../data/rules.server.ts";
import { sayCount, sayMoney } from "../format.ts";
import { BLOCKING_WORDS, blockingNow } from "../words.ts";
import { RuleState } from "./rule-state.tsx";
import { Severity } from "./severity.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** Every rule with its version and state, and how much stands under it. */
export function RuleTable({ rules, currency }: RulesPage) {
  return (
    <TableWrap label="Rules">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">State</th>
            <th scope="col" className="wide-only">
              Severity
            </th>
            <th scope="col" className="wide-only">
              Blocks
            </th>
            <th scope="col" className="num">
              Open
            </th>
            <th scope="col" className="num">
              Claimed
            </th>
            <th scope="col" className="num wide-only">
              Of a thousand keys
            </th>
            <th scope="col" className="wide-only">
              Answers for it
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map((r) => (
            <tr key={r.id}>
              <td className="what">
                <Link to={`/rules/${r.id}`}>{r.title}</Link>
                <span className="under">
                  {r.id}, version {r.version}
                </span>
              </td>
              <td>
                <RuleState state={r.state} />
                {r.waiting && (
                  <span className="under">
                    version {r.waiting.version} waits: {r.waiting.state}
                  </span>
                )}
              </td>
              <td className="wide-only">
                <Severity severity={r.severity} />
              </td>
              <td className="wide-only">{BLOCKING_WORDS[blockingNow(r.state, r.blocks)]}</td>
              <td className="num">
                {r.state === "shadow" ? (
                  <Link to={`/exceptions?rule=${r.id}&status=shadow`}>{sayCount(r.shadow)} in shadow</Link>
                ) : (
                  <Link to={`/exceptions?rule=${r.id}&status=standing`}>{sayCount(r.open)}</Link>
                )}
              </td>
              <td className="num">{r.hasMoney ? sayMoney(r.money, currency) : "–"}</td>
              <td className="num wide-only">
                {r.perThousand === null ? "–" : r.perThousand}
                {r.expectedPerThousand !== null && (
                  <span className="under">at most {r.expectedPerThousand} in good order</span>
                )}
              </td>
              <td className="wide-only">{r.owner}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}
