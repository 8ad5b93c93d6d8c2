import { Link } from "@remix-run/react";
import type { Kpis } from "../data/kpi.server.ts";
import { plural, sayCount, sayDate, sayMoney, sayMonth, sayPercent } from "../format.ts";
import { HowComputed } from "./how-computed.tsx";
import { TableWrap } from "./table-wrap.tsx";
import { Tag } from "./tag.tsx";

type Candidate = Kpis["candidates"][number];

const STATES = {
  blocked: { tone: "bad", icon: "alert", words: "Blocked" },
  unknown: { tone: "warn", icon: "clock", words: "Cannot be told" },
  ready: { tone: "good", icon: "check", words: "Ready" },
} as const;

/** What could be invoiced, and what of it is held up by data. */
export function CandidateTable({
  rows,
  total,
  currency,
}: {
  rows: Kpis["candidates"];
  total: Kpis["invoices"];
  currency: string;
}) {
  return (
    <>
      <div className="panel-body">
        {total && (
          <p>
            {total.candidates === 0
              ? "No approved work waits to be invoiced."
              : `${sayCount(total.blocked)} of ${plural(total.candidates, "candidate")} blocked by data (${sayPercent(total.share)}), ${sayMoney(total.value_blocked, currency)} of ${sayMoney(total.value, currency)} (${sayPercent(total.value_share)}); ${sayCount(total.unknown)} cannot be told, ${sayCount(total.ready)} ready.`}
            {total.unpriced > 0 &&
              ` ${plural(total.unpriced, "item has", "items have")} no price and no part in the amounts.`}
          </p>
        )}
        <HowComputed>
          <p>
            A candidate is one invoice that could be written: the approved billable time, expenses and
            accepted milestones of one client, contract, legal entity, currency and month that are on no
            invoice yet. It is blocked when a hard-blocking exception stands on at least one of its items
            (holds the business decided on do not count), cannot be told when something of it could not be
            compared at the newest run, and ready otherwise. Share = blocked ÷ all candidates.
          </p>
        </HowComputed>
      </div>
      {rows.length > 0 && (
        <TableWrap label="Invoice candidates">
          <table className="rows">
            <thead>
              <tr>
                <th scope="col">Client</th>
                <th scope="col">Work of</th>
                <th scope="col">Cutoff</th>
                <th scope="col">Status</th>
                <th scope="col" className="num">
                  Items
                </th>
                <th scope="col" className="num">
                  Value
                </th>
                <th scope="col" className="num">
                  Blocked, {currency}
                </th>
                <th scope="col">Blocked by</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((r) => (
                <CandidateRow
                  key={[r.customer_key, r.contract_key, r.legal_entity, r.currency, r.cycle_on].join("|")}
                  row={r}
                  currency={currency}
                />
              ))}
            </tbody>
          </table>
        </TableWrap>
      )}
      {total && total.candidates > rows.length && (
        <p className="panel-body muted small">
          {sayCount(rows.length)} of {sayCount(total.candidates)} shown: those held up first, then the
          largest.
        </p>
      )}
    </>
  );
}

function CandidateRow({ row: r, currency }: { row: Candidate; currency: string }) {
  const state = STATES[r.status];
  const queue = `/exceptions?${new URLSearchParams([
    ["client", r.customer_key],
    ["blocking", "hard"],
    ...r.blocking_rules.map((rule) => ["rule", rule]),
  ])}`;
  return (
    <tr>
      <td>
        {r.customer_name || r.customer_key || "No client"}
        <span className="under">
          {[r.contract_number || r.contract_key || "no contract", r.legal_entity, r.currency]
            .filter((t) => t !== "")
            .join(" · ")}
        </span>
      </td>
      <td className="nowrap">{sayMonth(r.cycle_on)}</td>
      <td className="nowrap">{sayDate(r.cutoff_on)}</td>
      <td>
        <Tag tone={state.tone} icon={state.icon}>
          {state.words}
        </Tag>
      </td>
      <td className="num">{sayCount(r.items)}</td>
      <td className="num">
        {sayMoney(r.value, r.currency)}
        {r.unpriced > 0 && <span className="under">{sayCount(r.unpriced)} without a price</span>}
      </td>
      <td className="num">{r.blocked_items === 0 ? "–" : sayMoney(r.blocked_value, currency)}</td>
      <td>
        {r.blockers === 0 ? (
          <span className="muted">nothing</span>
        ) : (
          <Link to={queue}>
            {plural(r.blockers, "exception")}: {r.blocking_rules.join(", ")}
          </Link>
        )}
      </td>
    </tr>
  );
}
