import { Link } from "@remix-run/react";
import type { ExceptionPage } from "../data/exception-detail.server.ts";
import { isNever, plural, sayAgo, sayInstant } from "../format.ts";
import { BLOCKING_WORDS, blockingNow } from "../words.ts";
import { ExceptionStatus } from "./exception-status.tsx";
import { Severity } from "./severity.tsx";
import { Tag } from "./tag.tsx";

/** Where the exception stands, in one line. */
export function DetailHead({ it, now }: { it: ExceptionPage; now: string }) {
  const { row, subject } = it;
  const blocking = blockingNow(row.status, row.blocking);
  return (
    <div className="row">
      <Severity severity={row.severity} />
      <ExceptionStatus
        status={row.status}
        until={row.status === "waived" ? row.waived_until : row.snoozed_until}
      />
      {blocking !== "no" && (
        <Tag tone={blocking === "hard" ? "bad" : "warn"} icon="blocked">
          {BLOCKING_WORDS[blocking]}
        </Tag>
      )}
      {(subject.customer_name || row.customer_key) && (
        <Link to={`/exceptions?${new URLSearchParams({ status: "standing", client: row.customer_key })}`}>
          {subject.customer_name || row.customer_key}
        </Link>
      )}
      {row.project_key && (
        <Link to={`/exceptions?${new URLSearchParams({ status: "standing", project: row.project_key })}`}>
          {subject.project_name || row.project_key}
        </Link>
      )}
      {it.about && <span>{it.about}</span>}
      <span className="muted">
        {!isNever(row.opened_at) && (
          <span title={sayInstant(row.opened_at)}>opened {sayAgo(row.opened_at, now)} · </span>
        )}
        <span title={sayInstant(row.last_seen_at)}>judged {sayAgo(row.last_seen_at, now)}</span> ·{" "}
        {row.assigneeName ? `owned by ${row.assigneeName}` : "owned by nobody"}
        {row.times_reopened > 0 && ` · opened again ${plural(row.times_reopened, "time")}`}
      </span>
    </div>
  );
}
