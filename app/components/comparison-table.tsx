import { Form, Link } from "@remix-run/react";
import type { RunsPage } from "../data/run-list.server.ts";
import { sayAgo, sayCount } from "../format.ts";
import { FormToken } from "./form-token.tsx";
import { RunStatus } from "./run-status.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** How each comparison stands by its newest run, and the buttons to run it now. */
export function ComparisonTable({ it, now }: { it: RunsPage; now: string }) {
  return (
    <TableWrap label="Comparisons">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Comparison</th>
            <th scope="col">Newest run</th>
            <th scope="col">Outcome</th>
            <th scope="col" className="num">
              Keys looked at
            </th>
            {it.mayRun && <th scope="col">Run it now</th>}
          </tr>
        </thead>
        {it.areas.map((area) => (
          <tbody key={area.name}>
            <tr className="group">
              <th scope="rowgroup" colSpan={it.mayRun ? 5 : 4}>
                {area.name}
              </th>
            </tr>
            {area.comparisons.map((c) => (
              <tr key={c.id}>
                <td className="what">
                  <Link to={`/runs?${new URLSearchParams({ comparison: c.id })}`}>{c.title}</Link>
                  {(c.run?.status === "inconclusive" || c.run?.status === "not_applicable") && (
                    <span className="under break">{c.run.detail || c.run.why}</span>
                  )}
                </td>
                <td>
                  {c.run ? (
                    <Link to={`/runs/${c.run.run_id}`}>{sayAgo(c.run.started_at, now)}</Link>
                  ) : (
                    <span className="muted">never</span>
                  )}
                </td>
                <td>{c.run ? <RunStatus status={c.run.status} /> : null}</td>
                <td className="num">{c.run ? sayCount(c.run.keys) : "–"}</td>
                {it.mayRun && (
                  <td>
                    <Form method="post" className="row">
                      <FormToken />
                      <input type="hidden" name="comparison" value={c.id} />
                      <button type="submit" name="intent" value="run" className="button button-small">
                        Run
                        <span className="hidden-text"> {c.title}</span>
                      </button>
                    </Form>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </TableWrap>
  );
}
