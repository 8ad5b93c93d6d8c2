import { Form } from "@remix-run/react";
import type { PushDetail } from "../data/push-detail.server.ts";
import { sayInstant } from "../format.ts";
import { FormToken } from "./form-token.tsx";
import { Panel } from "./panel.tsx";

/** The decision, offered to whoever may make it; to others it says who may. */
export function PushDecision({ it }: { it: PushDetail; now: string }) {
  const { may, preview } = it;
  if (it.push.status === "requested")
    return (
      <Panel title="Decision" aside={`lapses ${sayInstant(it.lapsesAt)}`}>
        <div className="stack">
          {may.approve ? (
            <Form method="post" className="stack-small">
              <FormToken />
              <button
                type="submit"
                name="intent"
                value="approve"
                className="button button-main"
                disabled={preview?.kind !== "ready" || !preview.allowed}
              >
                Approve and write
              </button>
              <p className="muted small">
                {preview?.kind === "ready" && !preview.allowed
                  ? "A guard does not hold, so it cannot be approved now."
                  : "The target is compared once more before anything is written."}
              </p>
            </Form>
          ) : (
            <p className="muted">
              {it.own
                ? "You requested this push; somebody else must approve it."
                : "An approver must decide on this push."}
            </p>
          )}
          {(may.refuse || may.withdraw) && (
            <Form method="post" className="stack-small">
              <FormToken />
              <div className="field">
                <label htmlFor="reason">{may.withdraw ? "Why it is withdrawn" : "Why it is refused"}</label>
                <textarea id="reason" name="reason" required minLength={3} maxLength={500} rows={2} />
              </div>
              <button type="submit" name="intent" value="refuse" className="button">
                {may.withdraw ? "Withdraw" : "Refuse"}
              </button>
            </Form>
          )}
        </div>
      </Panel>
    );
  if (may.retry)
    return (
      <Panel title="Not finished">
        <Form method="post" className="stack-small">
          <FormToken />
          <p className="muted">
            The target is read first. A correction that has not arrived is compared and set; a record that may
            have been created is only looked for.
          </p>
          <button type="submit" name="intent" value="continue" className="button">
            Look again now
          </button>
        </Form>
      </Panel>
    );
  return null;
}
