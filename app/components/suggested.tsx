import type { ExceptionPage } from "../data/exception-detail.server.ts";
import { plural } from "../format.ts";
import { Panel } from "./panel.tsx";
import { Tag } from "./tag.tsx";

type Shown = NonNullable<ExceptionPage["suggested"]>;
type OneRecord = Shown["records"][number];

/** Records of the other system that are probably the same as what finds no partner, and how a person would link them. */
export function Suggested({ it }: { it: ExceptionPage }) {
  const found = it.suggested;
  if (!found) return null;
  const isOne = found.of === 1;
  return (
    <Panel title="Probably the same" aside="suggested; nothing is linked by itself">
      <div className="stack">
        <p>
          {isOne
            ? `No record in ${found.to} carries the shared id, but ${plural(found.records[0]?.suggestions.length ?? 0, "record looks", "records look")} like it. `
            : `${plural(found.records.length, "record")} in ${found.from}${found.lookedAt < found.of ? ` (of the first ${found.lookedAt} looked at)` : ""} without a partner in ${found.to} ${found.records.length === 1 ? "looks" : "look"} like one there. `}
          If {isOne ? "it is" : "they are"} the same, link the two as described, and this resolves at the next
          run; if not, leave {isOne ? "it" : "them"} be. Look before you create another one.
        </p>
        {found.records.map((record) => (
          <div className="stack-small" key={`${record.nativeId} ${record.key}`}>
            {!isOne && (
              <h3>
                <Name of={record} /> in {found.from} is probably
              </h3>
            )}
            <ul className="suggestions">
              {record.suggestions.map((s) => (
                <li key={`${s.system} ${s.nativeId}`}>
                  <div className="row">
                    <Name of={s} />
                    {s.isTaken ? (
                      <Tag tone="warn" icon="alert">
                        Has a partner
                      </Tag>
                    ) : s.isUnique ? (
                      <Tag tone="good" icon="check">
                        The only one like it, both ways
                      </Tag>
                    ) : (
                      <Tag>One of several alike</Tag>
                    )}
                  </div>
                  <p className="muted small">
                    {s.reason}; {s.what} in {s.system}
                  </p>
                  <p>{s.todo}</p>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Panel>
  );
}

/** What people call a record, with its own id, where possible as a link into its system. */
function Name({ of }: { of: Pick<OneRecord, "called" | "nativeId" | "url"> }) {
  const words = of.called || of.nativeId;
  return (
    <span>
      {of.url ? (
        <a href={of.url} rel="noreferrer">
          <strong>{words}</strong>
        </a>
      ) : (
        <strong>{words}</strong>
      )}{" "}
      {of.called !== "" && <span className="muted mono small">{of.nativeId}</span>}
    </span>
  );
}
