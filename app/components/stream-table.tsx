import { Link } from "@remix-run/react";
import type { StreamHealth, SyncHealth } from "../data/sync-health.server.ts";
import { isNever, plural, sayAgo, sayCount, sayDate, sayInstant } from "../format.ts";
import { TableWrap } from "./table-wrap.tsx";
import { Tag } from "./tag.tsx";

/** One source's streams: how old, how complete, what went wrong. */
export function StreamTable({ source, now }: { source: SyncHealth["sources"][number]; now: string }) {
  return (
    <TableWrap label={`Streams of ${source.name}`}>
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Stream</th>
            <th scope="col">State</th>
            <th scope="col" className="num">
              Complete up to
            </th>
            <th scope="col" className="num wide-only">
              Last full read
            </th>
            <th scope="col" className="num">
              Read, 24 h
            </th>
            <th scope="col" className="num wide-only">
              Requests (repeated)
            </th>
            <th scope="col" className="num">
              Failed syncs
            </th>
            <th scope="col">Completeness</th>
            <th scope="col" className="num">
              Not understood
            </th>
          </tr>
        </thead>
        <tbody>
          {source.streams.map((s) => (
            <tr key={s.stream}>
              <th scope="row">
                {s.stream}
                {s.error && <span className="under break">{s.error}</span>}
                {!s.error && s.note && <span className="under">{s.note}</span>}
              </th>
              <td>
                <StateTag stream={s} />
              </td>
              <td className="num" title={sayInstant(s.asOf)}>
                {sayAgo(s.asOf, now)}
              </td>
              <td className="num wide-only" title={sayInstant(s.lastFullAt)}>
                {sayAgo(s.lastFullAt, now)}
              </td>
              <td className="num">{sayCount(s.read)}</td>
              <td className="num wide-only">
                {sayCount(s.requests)} ({sayCount(s.retries)})
              </td>
              <td className="num">
                {s.failures === 0 ? "0" : `${sayCount(s.failures)} of ${sayCount(s.attempts)}`}
              </td>
              <td>
                <Completeness probe={s.probe} />
              </td>
              <td className="num">
                {s.rejects === 0 ? (
                  "0"
                ) : (
                  <Link to={`/sync?${new URLSearchParams({ source: source.id, stream: s.stream })}#rejects`}>
                    {sayCount(s.rejects)}
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableWrap>
  );
}

function StateTag({ stream }: { stream: StreamHealth }) {
  if (stream.error)
    return (
      <Tag tone="bad" icon="cross">
        Failing
      </Tag>
    );
  if (stream.state === "late")
    return (
      <Tag tone="bad" icon="clock">
        Too old
      </Tag>
    );
  if (stream.state === "never")
    return <Tag icon="clock">{stream.reading ? "First read under way" : "Never read"}</Tag>;
  if (stream.note) return <Tag icon="alert">No log</Tag>;
  return (
    <Tag tone="good" icon="check">
      Fresh
    </Tag>
  );
}

function Completeness({ probe }: { probe: StreamHealth["probe"] }) {
  if (!probe) return <span className="muted">not probed</span>;
  if (probe.different === 0)
    return (
      <span>
        equal on {plural(probe.days, "day")}{" "}
        <span className="muted small">({sayCount(probe.inStore)} records)</span>
      </span>
    );
  return (
    <span>
      <Tag tone="bad" icon="alert">
        differs on {plural(probe.different, "day")}
      </Tag>
      <span className="under">
        {sayCount(probe.inStore)} here, {sayCount(probe.inSource)} there
        {!isNever(probe.differentOn) && `; newest ${sayDate(probe.differentOn)}`}
      </span>
    </span>
  );
}
