import { Link } from "@remix-run/react";
import type { ExceptionPage } from "../data/exception-detail.server.ts";
import { sayCarried, sayValue } from "../field-value.ts";
import { plural, sayInstant } from "../format.ts";
import { fieldWords } from "../words.ts";
import { Icon } from "./icon.tsx";
import { TableWrap } from "./table-wrap.tsx";

function shown(name: string, value: string | null) {
  if (value === null) return <span className="muted">no record</span>;
  return value === "" ? <span className="muted">empty</span> : sayValue(name, value);
}

/** Field by field, what each system holds, with the differing ones marked in words as well as colour. */
export function DiffTable({ it, only }: { it: ExceptionPage; only: boolean }) {
  const { evidence, sides } = it;
  const [left, right] = sides;
  if (!evidence || !left || !right)
    return <p className="panel-body muted">This exception holds no field by field evidence.</p>;
  if (evidence.detail) return <Affected it={it} />;
  const fields = only ? evidence.fields.filter((f) => f.differs || f.waiting) : evidence.fields;
  const carried = only ? [] : Object.entries(evidence.carried).filter(([, value]) => value !== "");
  const differing = evidence.fields.filter((f) => f.differs).length;
  return (
    <>
      <TableWrap label="Side by side">
        <table className="diff">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col" className="side-left">
                {left.system}
                <Icon name="key" className="key-mark" />
                <span className="hidden-text"> (the system of record here)</span>
                <span className="muted small block">{left.noun}</span>
              </th>
              <th scope="col" className="side-right">
                {right.system}
                <span className="muted small block">{right.noun}</span>
              </th>
              <th scope="col">Difference</th>
              <th scope="col">May differ by</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((f) => (
              <tr key={f.name}>
                <th scope="row">{f.label}</th>
                <td className={f.differs ? "differs" : ""}>{shown(f.name, f.left)}</td>
                <td className={f.differs ? "wrong" : ""}>{shown(f.name, f.right)}</td>
                <td>
                  {f.differs ? (
                    <strong>{deltaWords(f.name, f.delta)}</strong>
                  ) : f.waiting ? (
                    "differs, too recent to count"
                  ) : f.left === null || f.right === null ? (
                    ""
                  ) : it.elsewhere.includes(f.name) ? (
                    <span className="muted">differs; not what this is about</span>
                  ) : (
                    <span className="muted">agrees</span>
                  )}
                </td>
                <td className="muted">{toleranceWords(f.tolerance, f.left ?? f.right)}</td>
              </tr>
            ))}
            {carried.map(([name, value]) => (
              <tr key={name}>
                <th scope="row" className="muted">
                  {fieldWords(name)}
                </th>
                <td colSpan={4} className="muted break">
                  {value.startsWith("1970-01-01") ? "open" : shortList(name, value)}
                </td>
              </tr>
            ))}
            <tr>
              <th scope="row" className="muted">
                record
              </th>
              {[left, right].map((side) => (
                <td key={side.system} className="mono break">
                  {side.records.length === 0 && <span className="muted">none</span>}
                  {side.records.map((r) => (
                    <span key={r.nativeId} className="block">
                      {r.url ? (
                        <a href={r.url} rel="noreferrer">
                          {r.nativeId}
                        </a>
                      ) : (
                        r.nativeId
                      )}
                    </span>
                  ))}
                </td>
              ))}
              <td colSpan={2} />
            </tr>
            <tr>
              <th scope="row" className="muted">
                last changed
              </th>
              {[left, right].map((side) => (
                <td key={side.system} className="muted">
                  {side.changedAt ? sayInstant(side.changedAt) : "–"}
                </td>
              ))}
              <td colSpan={2} />
            </tr>
          </tbody>
        </table>
      </TableWrap>
      <div className="panel-body row between">
        <span className="muted">
          {differing > 0
            ? `${plural(differing, "field")} differ${differing === 1 ? "s" : ""}`
            : "One side has no such record"}
        </span>
        <Link to={only ? "?" : "?only=1"} preventScrollReset replace>
          {only ? "Show every field" : "Only what differs"}
        </Link>
      </div>
    </>
  );
}

function toleranceWords(tolerance: string | null, example: string | null): string {
  if (tolerance === null) return "nothing";
  if (example === null || !/^\d{4}-\d{2}-\d{2}$/.test(example)) return `± ${tolerance}`;
  return `± ${tolerance} ${tolerance === "1" ? "day" : "days"}`;
}

function deltaWords(name: string, delta: string | null): string {
  if (delta === null) return "differs";
  return delta.startsWith("-") ? `−${sayValue(name, delta.slice(1))}` : `+${sayValue(name, delta)}`;
}

/** For a rule about a whole side or a stream: what is affected. */
function Affected({ it }: { it: ExceptionPage }) {
  const detail = it.evidence?.detail;
  if (!detail) return null;
  const list = detail.keys.length > 0 ? detail.keys : detail.nativeIds;
  return (
    <div className="panel-body stack-small">
      <p>{detail.message}</p>
      {list.length > 0 && (
        <details open={list.length <= 10}>
          <summary>{plural(detail.count, "record")} affected</summary>
          <ul className="mono">
            {list.map((key) => (
              <li key={key} className="break">
                {key}
              </li>
            ))}
          </ul>
          {detail.count > list.length && <p className="muted">The first {list.length} are listed.</p>}
        </details>
      )}
    </div>
  );
}

/** Most of a list of ids that is of use to a reader. */
const SHOWN = 3;

/** A value, or the first of a comma-separated list of ids or days, and how many more there are. */
function shortList(name: string, value: string): string {
  const raw = value.split(",").map((id) => id.trim());
  if (raw.length === 1 || raw.some((id) => id.includes(" "))) return sayCarried(name, value);
  const ids = raw.map((id) => sayCarried(name, id));
  if (ids.length <= SHOWN) return ids.join(", ");
  return `${ids.slice(0, SHOWN).join(", ")} and ${ids.length - SHOWN} more`;
}
