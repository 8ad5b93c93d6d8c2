import { Form, Link } from "@remix-run/react";
import type { ExceptionPage } from "../data/exception-detail.server.ts";
import { PreviewTable } from "./change-table.tsx";
import { FormToken } from "./form-token.tsx";
import { GuardList } from "./guard-list.tsx";
import { Panel } from "./panel.tsx";
import { PushStatus } from "./push-status.tsx";
import { PushSteps } from "./push-steps.tsx";
import { PushTable } from "./push-table.tsx";

/** The correction: what it would be, its preview from a fresh read, the request, and how far it has come. */
export function PushPanel({ it, now }: { it: ExceptionPage; now: string }) {
  const flying = it.pushes.find((p) => p.id === it.push.inFlight);
  const earlier = it.pushes.filter((p) => p.id !== it.push.inFlight);
  return (
    <div id="push" tabIndex={-1}>
      <Panel title="Put it right" {...(flying ? { aside: <PushStatus push={flying} /> } : {})}>
        <div className="stack">
          {flying ? (
            <>
              <PushSteps push={flying} />
              <p>
                {flying.what}. <Link to={`/pushes/${flying.id}`}>Open the push</Link>
              </p>
            </>
          ) : (
            <Offer it={it} />
          )}
          {earlier.length > 0 && <PushTable label="Earlier pushes" rows={earlier} now={now} />}
        </div>
      </Panel>
    </div>
  );
}

function Offer({ it }: { it: ExceptionPage }) {
  const { offer, declined, preview } = it.push;
  const over = ["resolved", "cleared"].includes(it.row.status);
  if (over) return <p className="muted">The systems agree again; there is nothing to put right.</p>;
  if (it.row.status === "absorbed")
    return <p className="muted">Put the cause right first; this may follow on its own.</p>;
  if (it.row.status === "shadow")
    return (
      <p className="muted">Its rule runs in shadow; nothing is pushed for it until the rule is active.</p>
    );
  if (!offer)
    return <p className="muted">{declined || "This is put right by a person, in the system itself."}</p>;
  if (!preview)
    return (
      <>
        <p>
          <strong>{offer.words}</strong>. {offer.because}
        </p>
        <p className="row">
          <Link className="button button-main" to="?preview=1#push" preventScrollReset>
            Preview the push
          </Link>
          <span className="muted small">Reads the target now; writes nothing.</span>
        </p>
      </>
    );
  if (preview.kind === "declined") return <p>{preview.reason}</p>;
  return (
    <>
      <p>
        <strong>{offer.words}</strong>. {offer.because}
      </p>
      <PreviewTable rows={preview.rows} />
      <GuardList guards={preview.guards} />
      <p className="muted">
        If it is proven, this exception is resolved
        {(it.evidence?.money.items ?? 0) > 0 &&
          ` and ${it.evidence?.money.items} billable items are free of it`}
        .
      </p>
      {it.may.requestPush ? (
        <Form method="post" className="row">
          <FormToken />
          <button
            type="submit"
            name="intent"
            value="request-push"
            className="button button-main"
            disabled={!preview.allowed}
          >
            Request this push
          </button>
          <span className="muted small">Somebody else must approve it before anything is written.</span>
        </Form>
      ) : (
        <p className="muted">Your role lets you look at pushes, not request them.</p>
      )}
    </>
  );
}
