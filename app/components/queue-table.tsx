import { Link } from "@remix-run/react";
import type { QueueLine, QueuePage } from "../data/queue.server.ts";
import { businessDays, isNever, plural, sayMoney } from "../format.ts";
import { BLOCKED_WORDS, blockingNow } from "../words.ts";
import { ExceptionStatus } from "./exception-status.tsx";
import { Icon } from "./icon.tsx";
import { Severity } from "./severity.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** The queue's rows. Each row's link is what j and k move between; see use-queue-keys.ts. */
export function QueueTable({ it, now }: { it: QueuePage; now: string }) {
  return (
    <TableWrap label="Exceptions">
      <table className="rows queue">
        <thead>
          <tr>
            {it.mayWork && (
              <th scope="col">
                <span className="hidden-text">Select</span>
              </th>
            )}
            <th scope="col">Severity</th>
            <th scope="col" className="num">
              At stake, {it.currency}
            </th>
            <th scope="col">What is wrong</th>
            <th scope="col">Client and project</th>
            <th scope="col" className="wide-only">
              Blocks
            </th>
            <th scope="col">Owner</th>
            <th scope="col" className="num wide-only">
              Age
            </th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {it.rows.map((row) => (
            <Row key={row.id} row={row} it={it} now={now} />
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}

function Row({ row, it, now }: { row: QueueLine; it: QueuePage; now: string }) {
  const blocking = blockingNow(row.status, row.blocking);
  const opened = isNever(row.opened_at) ? row.last_seen_at : row.opened_at;
  return (
    <tr data-row="">
      {it.mayWork && (
        <td>
          <input type="checkbox" name="id" value={row.id} aria-label={`Select: ${row.wrong}`} />
        </td>
      )}
      <td>
        <Severity severity={row.severity} />
      </td>
      <td className="num strong">
        {row.money_reporting === null ? (
          <span className="muted">{row.hasMoney ? "not priced" : "–"}</span>
        ) : (
          sayMoney(row.money_reporting, it.currency)
        )}
        {row.money !== null && row.currency !== it.currency && (
          <span className="under">{sayMoney(row.money, row.currency)}</span>
        )}
      </td>
      <td className="what">
        <Link to={`/exceptions/${row.id}`} data-open="">
          {row.wrong}
        </Link>
        <span className="under">
          {row.about && `${row.about} · `}
          {row.ruleTitle} · {row.rule}
        </span>
        {row.case && (
          <span className="under">
            <Link to={`/exceptions/${row.id}#symptoms`}>{plural(row.case.symptoms, "symptom")}</Link>
            {row.case.items > 0 && ` · ${sayMoney(row.case.total, it.currency)} in all`}
          </span>
        )}
      </td>
      <td className="subject">
        {row.customer_name || row.customer_key || <span className="muted">–</span>}
        {row.project_key && (
          <span className="under">
            {row.project_name || row.project_key}
            {row.legal_entity && ` · ${row.legal_entity}`}
          </span>
        )}
      </td>
      <td className="wide-only">
        {blocking === "no" ? (
          <span className="muted">{BLOCKED_WORDS.no}</span>
        ) : (
          <span className="row nowrap tight">
            {blocking === "hard" && <Icon name="blocked" className="bad-mark" />}
            {BLOCKED_WORDS[blocking]}
          </span>
        )}
      </td>
      <td className="owner">{row.assigneeName || <span className="muted">nobody</span>}</td>
      <td className="num wide-only" title={`opened ${opened}`}>
        {ageWords(businessDays(opened, now))}
      </td>
      <td className="state">
        <ExceptionStatus
          status={row.status}
          until={row.status === "waived" ? row.waived_until : row.snoozed_until}
        />
        {row.times_reopened !== "0" && <span className="under">opened again {row.times_reopened}×</span>}
      </td>
    </tr>
  );
}

function ageWords(days: number): string {
  return days === 0 ? "today" : plural(days, "day");
}
