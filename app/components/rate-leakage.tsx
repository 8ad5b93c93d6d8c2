import { Link } from "@remix-run/react";
import type { Kpis } from "../data/kpi.server.ts";
import { plural, sayCount, sayDate, sayMoney, sayNumber, sayPercent } from "../format.ts";
import { HowComputed } from "./how-computed.tsx";
import { Panel } from "./panel.tsx";

/** What is billed below and above the contract. */
export function RateLeakage({ it, currency }: { it: Kpis; currency: string }) {
  const l = it.leakage;
  if (!l) return null;
  const money = (value: string) => sayMoney(value, currency, 2);
  const facts: [string, string][] = [
    ["Billed below the contract", money(l.gross)],
    ["of it not billed yet: can still be put right", money(l.gross_pre)],
    ["of it billed: needs a credit and a new invoice", money(l.gross_post)],
    ["Leakage, of rated work", sayPercent(l.share, 2)],
    ["Billed above the contract", money(l.over)],
    ["of it not billed yet", money(l.over_pre)],
    ["of it billed", money(l.over_post)],
    ["Net, for information", money(l.net)],
    ["Rated work, at contract rates", money(l.expected_value)],
    ["Without a contract rate", `${plural(l.unrated_lines, "line")}, ${sayNumber(l.unrated_hours, 2)} h`],
    ...(l.uncompared_lines > 0
      ? ([["Without a rate to be billed at", `${sayCount(l.uncompared_lines)} lines`]] as [string, string][])
      : []),
  ];
  return (
    <Panel
      title="Rate leakage"
      aside={`work of ${sayDate(it.period.from)} to ${sayDate(it.period.until)}`}
      id="leakage"
    >
      <HowComputed>
        <p>
          For each approved billable line: the contract rate in force on its work date, after all signed
          amendments and the contract&rsquo;s discount, less the rate it is billed at, × hours. That rate is
          the one on its invoice, else on the ERP&rsquo;s time line, else the price the ERP keeps for the
          project or client, else the PSA&rsquo;s. Under and over are never set off. Half a cent apart agrees.
          Work beyond a contract&rsquo;s cap is left out. Lines without a rate are counted, never taken as
          zero.
        </p>
      </HowComputed>
      <dl className="facts facts-money">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="small">
        <Link to="/exceptions?rule=RAT-01&rule=RAT-02&rule=ASG-04">Open rate exceptions</Link>
      </p>
    </Panel>
  );
}
