import { useEffect, useState } from "react";
import type { QueuePage } from "../data/queue.server.ts";
import { plural } from "../format.ts";

/** What can be done to the selected rows at once. Without scripts it is simply always there. */
export function QueueBulk({ it, formId }: { it: QueuePage; formId: string }) {
  const [count, setCount] = useState<number | null>(null);
  useEffect(() => {
    const form = document.getElementById(formId);
    const boxes = () => [...(form?.querySelectorAll<HTMLInputElement>("input[name=id]") ?? [])];
    const update = () => setCount(boxes().filter((b) => b.checked).length);
    update();
    form?.addEventListener("change", update);
    return () => form?.removeEventListener("change", update);
  }, [formId]);
  const selectAll = (checked: boolean) => {
    for (const box of document.querySelectorAll<HTMLInputElement>(`#${formId} input[name=id]`))
      box.checked = checked;
    setCount(checked ? it.rows.length : 0);
  };
  return (
    <fieldset className="bulk">
      <legend className="hidden-text">Selected exceptions</legend>
      {count !== null && (
        <label className="check">
          <input
            type="checkbox"
            checked={count > 0 && count === it.rows.length}
            onChange={(e) => selectAll(e.target.checked)}
          />
          All on this page
        </label>
      )}
      <output className="muted">{count === null ? "" : `${plural(count, "exception")} selected`}</output>
      <button
        type="submit"
        name="intent"
        value="acknowledge"
        className="button button-small"
        disabled={count === 0}
      >
        Take up
      </button>
      <div className="field">
        <label htmlFor="assignee">Assign to</label>
        <select id="assignee" name="assignee" defaultValue="">
          <option value="">nobody</option>
          {it.choices.people.map((p) => (
            <option key={p.name} value={p.name}>
              {p.displayName}
            </option>
          ))}
        </select>
      </div>
      <button
        type="submit"
        name="intent"
        value="assign"
        className="button button-small"
        disabled={count === 0}
      >
        Assign
      </button>
    </fieldset>
  );
}
