import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import type { ExceptionPage } from "../data/exception-detail.server.ts";
import { FormToken } from "./form-token.tsx";
import { Panel } from "./panel.tsx";

/** What a person may do with the exception itself. Nobody resolves one by hand: only the systems agreeing again does. */
export function ExceptionActions({ it }: { it: ExceptionPage }) {
  const { row, may } = it;
  const over = ["resolved", "cleared", "suspected", "absorbed", "shadow"].includes(row.status);
  if (!may.work) return null;
  return (
    <Panel title="Work on it">
      {over ? (
        <p className="muted">
          {row.status === "suspected"
            ? "It has failed only once; it opens at the next failing run."
            : row.status === "absorbed"
              ? "It follows from another exception. Work on that one; a comment can still be left here."
              : row.status === "shadow"
                ? "Its rule runs in shadow: it neither blocks nor counts. A comment can still be left."
                : "It is resolved. A comment can still be left."}
        </p>
      ) : (
        <>
          {row.status === "open" && (
            <Act intent="acknowledge" title={null} button="Take it up" main>
              {null}
            </Act>
          )}
          {(row.status === "snoozed" || row.status === "waived") && (
            <Act
              intent="wake"
              title={null}
              button={row.status === "waived" ? "End the waiver" : "Wake it now"}
              main
            >
              {null}
            </Act>
          )}
          <Act intent="assign" title="Assign" button="Assign">
            <div className="field">
              <label htmlFor="assignee">To</label>
              <select id="assignee" name="assignee" defaultValue={row.assignee || it.me}>
                <option value="">nobody</option>
                {it.people.map((p) => (
                  <option key={p.name} value={p.name}>
                    {p.displayName}
                    {p.name === it.me ? " (me)" : ""}
                  </option>
                ))}
              </select>
            </div>
          </Act>
          <Act intent="snooze" title="Snooze" button="Snooze">
            <Days id="snooze-days" choices={[1, 3, 7, 14, 30]} />
            <Note id="snooze-note" label="Why (optional)" />
          </Act>
          {may.waive && (
            <Act intent="waive" title="Waive for a while" button="Waive">
              <Days id="waive-days" choices={[7, 30, 60, 90]} />
              <Note id="waive-note" label="Reason" required />
              <div className="field">
                <label htmlFor="cap">Ends above, {it.currency} (optional)</label>
                <input id="cap" name="cap" inputMode="decimal" pattern="\d+(\.\d+)?" />
              </div>
            </Act>
          )}
        </>
      )}
      <Act intent="comment" title="Comment" button="Comment">
        <Note id="comment-note" label="Comment" required />
      </Act>
    </Panel>
  );
}

function Act(props: {
  intent: string;
  title: string | null;
  button: string;
  main?: boolean;
  children: ReactNode;
}) {
  const form = (
    <Form method="post" className="stack-small" preventScrollReset>
      <FormToken />
      {props.children}
      <div>
        <button
          type="submit"
          name="intent"
          value={props.intent}
          className={`button ${props.main ? "button-main" : ""}`}
        >
          {props.button}
        </button>
      </div>
    </Form>
  );
  if (props.title === null) return form;
  return (
    <details className="act">
      <summary>{props.title}</summary>
      {form}
    </details>
  );
}

function Days({ id, choices }: { id: string; choices: readonly number[] }) {
  return (
    <div className="field">
      <label htmlFor={id}>For</label>
      <select id={id} name="days" defaultValue={choices[1]}>
        {choices.map((n) => (
          <option key={n} value={n}>
            {n === 1 ? "1 day" : `${n} days`}
          </option>
        ))}
      </select>
    </div>
  );
}

function Note({ id, label, required = false }: { id: string; label: string; required?: boolean }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea id={id} name="note" rows={2} maxLength={2000} required={required} />
    </div>
  );
}
