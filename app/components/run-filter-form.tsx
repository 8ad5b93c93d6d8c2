import { Form } from "@remix-run/react";
import type { RunsPage } from "../data/run-list.server.ts";

/** Which runs to show; a plain form, so that it works without scripts. */
export function RunFilterForm({ it }: { it: RunsPage }) {
  return (
    <Form method="get" action="/runs" className="panel-body filters" key={it.filter.comparison}>
      <div className="field">
        <label htmlFor="comparison">Comparison</label>
        <select id="comparison" name="comparison" defaultValue={it.filter.comparison}>
          <option value="">All</option>
          {it.areas.map((area) => (
            <optgroup key={area.name} label={area.name}>
              {area.comparisons.map((c) => (
                <option key={c.id} value={c.id}>
                  {c.title}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </div>
      <div>
        <button type="submit" className="button">
          Show
        </button>
      </div>
    </Form>
  );
}
