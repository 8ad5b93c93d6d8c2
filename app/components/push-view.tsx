import { Form, Link } from "@remix-run/react";
import type { PushDetail } from "../data/push-detail.server.ts";
import { sayAgo, sayInstant } from "../format.ts";
import { PUSH_EVENT_WORDS } from "../words.ts";
import { ChangeTable, PreviewTable } from "./change-table.tsx";
import { FormToken } from "./form-token.tsx";
import { GuardList } from "./guard-list.tsx";
import { Panel } from "./panel.tsx";
import { PushDecision } from "./push-decision.tsx";
import { PushStatus } from "./push-status.tsx";
import { PushSteps } from "./push-steps.tsx";

/** One push: where it is, what it does, who decided, and every row the ledger holds of it. */
export function PushView({ it, now }: { it: PushDetail; now: string }) {
  const { push, preview } = it;
  return (
    <div className="cols-main">
      <div className="stack">
        <Panel title="Where it stands" aside={<PushStatus push={push} />}>
          <PushSteps push={push} />
        </Panel>
        <Panel
          title="What it changes"
          aside={preview ? "the target was read just now" : "as it was approved"}
          flush
        >
          {preview?.kind === "ready" ? (
            <PreviewTable rows={preview.rows} />
          ) : (
            <ChangeTable changes={push.changes} />
          )}
        </Panel>
        {preview?.kind === "ready" && (
          <Panel title="Guards">
            <GuardList guards={preview.guards} />
          </Panel>
        )}
        <Panel title="In the ledger" aside="append-only, each row chained to the one before">
          <ol className="timeline">
            {it.events.map((e) => (
              <li key={e.hash}>
                <time dateTime={e.at}>{sayInstant(e.at)}</time>
                <div>
                  <span className="strong">{PUSH_EVENT_WORDS[e.type] ?? e.type}</span>{" "}
                  <span className="muted">by {e.actor}</span>
                  {e.words && <p className="break">{e.words}</p>}
                  <p className="muted mono">
                    row {e.seq} · {e.hash.slice(0, 12)}
                  </p>
                </div>
              </li>
            ))}
          </ol>
        </Panel>
      </div>
      <div className="stack">
        <PushDecision it={it} now={now} />
        <Panel title="About">
          <dl className="facts">
            <dt>Exception</dt>
            <dd>
              <Link to={`/exceptions/${push.exceptionId}`}>{push.ruleTitle}</Link>{" "}
              <span className="muted">{push.rule}</span>
            </dd>
            <dt>Record</dt>
            <dd className="break">
              {it.recordUrl ? (
                <a href={it.recordUrl} rel="noreferrer">
                  {it.targetNativeId}
                </a>
              ) : (
                it.targetNativeId || "does not exist yet"
              )}
              <span className="muted mono block">{it.targetKey}</span>
            </dd>
            <dt>Requested</dt>
            <dd>
              {push.requestedBy}, {sayAgo(push.requestedAt, now)}
            </dd>
            {push.decidedBy && (
              <>
                <dt>Decided</dt>
                <dd>
                  {push.decidedBy}, {push.decidedAt ? sayAgo(push.decidedAt, now) : ""}
                </dd>
              </>
            )}
            {push.undoOf && (
              <>
                <dt>Undoes</dt>
                <dd>
                  <Link to={`/pushes/${push.undoOf}`}>the original push</Link>
                </dd>
              </>
            )}
          </dl>
        </Panel>
        {it.may.undo && (
          <Panel title="Take it back">
            <Form method="post" className="stack-small">
              <FormToken />
              <p className="muted">
                Writes the old values back, as a push of its own that somebody else must approve.
              </p>
              <button type="submit" name="intent" value="undo" className="button">
                Request an undo
              </button>
            </Form>
          </Panel>
        )}
      </div>
    </div>
  );
}
