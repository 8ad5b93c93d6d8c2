import { Link } from "@remix-run/react";
import type { PushSummary } from "../data/push-list.server.ts";
import { sayAgo, sayInstant } from "../format.ts";
import { fieldWords } from "../words.ts";
import { PushStatus } from "./push-status.tsx";
import { TableWrap } from "./table-wrap.tsx";

/** Pushes, one per row. */
export function PushTable({
  label,
  rows,
  now,
}: {
  label: string;
  rows: readonly PushSummary[];
  now: string;
}) {
  return (
    <TableWrap label={label}>
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Push</th>
            <th scope="col">Change</th>
            <th scope="col">State</th>
            <th scope="col">Requested</th>
            <th scope="col">Decided</th>
            <th scope="col" className="num wide-only">
              Proven
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((p) => (
            <tr key={p.id}>
              <td className="what">
                <Link to={`/pushes/${p.id}`}>{p.what}</Link>
                <span className="under">
                  {p.ruleTitle} · {p.rule}
                </span>
              </td>
              <td>{changeWords(p)}</td>
              <td>
                <PushStatus push={p} />
              </td>
              <td>
                {p.requestedBy}
                <span className="under nowrap" title={sayInstant(p.requestedAt)}>
                  {sayAgo(p.requestedAt, now)}
                </span>
              </td>
              <td>
                {p.decidedBy ?? <span className="muted">not yet</span>}
                {p.decidedAt && (
                  <span className="under nowrap" title={sayInstant(p.decidedAt)}>
                    {sayAgo(p.decidedAt, now)}
                  </span>
                )}
              </td>
              <td className="num wide-only">{p.verifiedAt ? sayAgo(p.verifiedAt, now) : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}

function changeWords(p: PushSummary) {
  if (p.action !== "update")
    return <span className="muted">{p.action === "create" ? "A new record" : "Takes the record out"}</span>;
  return p.changes.map((c) => (
    <span key={c.field} className="nowrap block">
      {fieldWords(c.field)} {c.from ?? "nothing"} → <strong>{c.to ?? "nothing"}</strong>
    </span>
  ));
}
