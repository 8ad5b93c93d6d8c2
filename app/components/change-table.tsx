import type { PreviewRow } from "#reconcile/push/preview";
import { fieldWords } from "../words.ts";
import { TableWrap } from "./table-wrap.tsx";

const shown = (value: string | null) =>
  value === null || value === "" ? <span className="muted">nothing</span> : value;

/** What a push would do to each field: as found, as it is now, as it becomes, and what an undo would put back. */
export function PreviewTable({ rows }: { rows: readonly PreviewRow[] }) {
  return (
    <TableWrap label="What would change">
      <table className="diff">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">When it was found</th>
            <th scope="col">Now</th>
            <th scope="col">Becomes</th>
            <th scope="col">An undo writes</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.field}>
              <th scope="row">{fieldWords(r.field)}</th>
              <td>{shown(r.expected)}</td>
              <td>{shown(r.current)}</td>
              <td className={r.current === r.becomes ? "" : "differs strong"}>{shown(r.becomes)}</td>
              <td>{shown(r.inverse)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}

/** The same for a push that has been decided: only what it was asked to do. */
export function ChangeTable({
  changes,
}: {
  changes: readonly { field: string; from: string | null; to: string | null }[];
}) {
  return (
    <TableWrap label="What it changes">
      <table className="diff">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((c) => (
            <tr key={c.field}>
              <th scope="row">{fieldWords(c.field)}</th>
              <td>{shown(c.from)}</td>
              <td className="strong">{shown(c.to)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}
