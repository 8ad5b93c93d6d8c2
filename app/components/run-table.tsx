import { Link } from "@remix-run/react";
import type { RunLine } from "../data/run-list.server.ts";
import { sayAgo, sayCount, sayInstant, saySpan } from "../format.ts";
import { RunStatus } from "./run-status.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** Runs, one per row, with the kinds that add up to the keys looked at. */
export function RunTable({ rows, now }: { rows: readonly RunLine[]; now: string }) {
  return (
    <TableWrap label="Runs">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Started</th>
            <th scope="col">Comparison</th>
            <th scope="col">Outcome</th>
            <th scope="col" className="num">
              Keys
            </th>
            <th scope="col" className="num">
              Agree
            </th>
            <th scope="col" className="num">
              Settling
            </th>
            <th scope="col" className="num">
              Differ
            </th>
            <th scope="col" className="num">
              Missing
            </th>
            <th scope="col" className="num wide-only">
              Repeated
            </th>
            <th scope="col" className="num wide-only">
              No link
            </th>
            <th scope="col" className="num wide-only">
              As of, left / right
            </th>
            <th scope="col" className="num wide-only">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.run_id}>
              <td className="nowrap">
                <Link to={`/runs/${r.run_id}`} title={sayInstant(r.started_at)}>
                  {sayAgo(r.started_at, now)}
                </Link>
                <span className="under">{r.mode === "full" ? "everything" : "what was touched"}</span>
              </td>
              <td>{r.title}</td>
              <td>
                <RunStatus status={r.status} />
                {r.detail && r.status !== "exceptions" && <span className="under break">{r.detail}</span>}
              </td>
              <td className="num">{sayCount(r.keys)}</td>
              <td className="num">{sayCount(r.matched)}</td>
              <td className="num">{sayCount(r.pending)}</td>
              <td className="num">{sayCount(r.mismatch)}</td>
              <td className="num">{sayCount(r.missing_left + r.missing_right)}</td>
              <td className="num wide-only">{sayCount(r.duplicate_key)}</td>
              <td className="num wide-only">{sayCount(r.unlinked)}</td>
              <td className="num wide-only">
                {sayAgo(r.left_as_of, r.started_at)} / {sayAgo(r.right_as_of, r.started_at)}
              </td>
              <td className="num wide-only">{r.tookMs < 1000 ? `${r.tookMs} ms` : saySpan(r.tookMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}
