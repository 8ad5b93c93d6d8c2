import { Form, Link } from "@remix-run/react";
import type { SyncHealth } from "../data/sync-health.server.ts";
import { plural, sayAgo, sayCount } from "../format.ts";
import { Empty } from "./empty.tsx";
import { FormToken } from "./form-token.tsx";
import { TableWrap } from "./table-wrap.tsx";

const REASONS: Record<string, string> = {
  "missing-key": "Has no id or key",
  "not-an-object": "Is not a record",
  "bad-number": "A number is not a number",
  "bad-date": "A date is not a date",
  "out-of-range": "A value is out of range",
  "unknown-value": "A value nobody told us about",
  "wrong-shape": "Looks different from what was expected",
};

/** Records that could not be understood: kept whole, to be corrected at the source or tried again. */
export function RejectTable({ it, now, mayReplay }: { it: SyncHealth; now: string; mayReplay: boolean }) {
  const narrowed = it.filter.source !== "" || it.filter.stream !== "";
  if (it.rejects.length === 0)
    return (
      <Empty icon="check" title={narrowed ? "None in this stream" : "Every record was understood"}>
        {narrowed && (
          <p>
            <Link to="/sync#rejects">Show all streams</Link>
          </p>
        )}
      </Empty>
    );
  return (
    <>
      <div className="panel-body row between">
        <p className="muted">
          {plural(it.rejectTotal, "record")}
          {it.rejectTotal > it.rejects.length && `, the newest ${sayCount(it.rejects.length)} shown`}
          {narrowed && (
            <>
              {" "}
              of {it.filter.source} {it.filter.stream}. <Link to="/sync#rejects">Show all streams</Link>
            </>
          )}
        </p>
        {mayReplay && (
          <Form method="post" className="row">
            <FormToken />
            <input type="hidden" name="intent" value="replay" />
            <input type="hidden" name="source" value={it.filter.source} />
            <input type="hidden" name="stream" value={it.filter.stream} />
            <button type="submit" className="button button-small">
              Try {narrowed ? "these" : "all"} again
            </button>
          </Form>
        )}
      </div>
      <TableWrap label="Records that could not be understood">
        <table className="rows">
          <thead>
            <tr>
              <th scope="col">Record</th>
              <th scope="col">Why</th>
              <th scope="col">As it came</th>
              <th scope="col" className="num">
                When
              </th>
            </tr>
          </thead>
          <tbody>
            {it.rejects.map((r) => (
              <tr key={`${r.source_id} ${r.stream} ${r.native_id}`}>
                <th scope="row" className="break">
                  {r.source_id} {r.stream}
                  <span className="under mono">{r.native_id}</span>
                </th>
                <td>
                  {REASONS[r.reason] ?? r.reason}
                  <span className="under break">{r.detail}</span>
                </td>
                <td>
                  <details>
                    <summary>Payload</summary>
                    <pre className="mono payload">{r.payload}</pre>
                  </details>
                </td>
                <td className="num">{sayAgo(r.at, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableWrap>
    </>
  );
}
