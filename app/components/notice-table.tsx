import type { SyncHealth } from "../data/sync-health.server.ts";
import { sayAgo } from "../format.ts";
import { Empty } from "./empty.tsx";
import { TableWrap } from "./table-wrap.tsx";

const KINDS: Record<string, string> = {
  new: "New field",
  missing: "Field is gone",
  retyped: "Field changed its type",
};

/** Fields a vendor added, took away or changed; each was noted once. */
export function NoticeTable({ rows, now }: { rows: SyncHealth["notices"]; now: string }) {
  if (rows.length === 0) return <Empty icon="check" title="No field has changed" />;
  return (
    <TableWrap label="Changed fields">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Stream</th>
            <th scope="col">Field</th>
            <th scope="col">What changed</th>
            <th scope="col" className="num">
              Noticed
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={`${r.source_id} ${r.stream} ${r.field}`}>
              <td>
                {r.source_id} {r.stream}
              </td>
              <td className="mono break">{r.field}</td>
              <td>
                {KINDS[r.kind] ?? r.kind}
                {r.detail && <span className="under break">{r.detail}</span>}
              </td>
              <td className="num">{sayAgo(r.at, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}
