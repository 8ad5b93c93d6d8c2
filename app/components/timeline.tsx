import { Link } from "@remix-run/react";
import type { Moment } from "../data/timeline.server.ts";
import { sayInstant } from "../format.ts";

/** What happened, newest first; the mark's shape and the system's name say whose log it is from. */
export function Timeline({ moments }: { moments: readonly Moment[] }) {
  if (moments.length === 0) return <p className="muted">Nothing is recorded yet.</p>;
  return (
    <ol className="timeline">
      {moments.map((m, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two changes may agree in every word, and the order is fixed
        <li key={`${m.at} ${n}`} className={`from-${m.from}`}>
          <time dateTime={m.at}>{sayInstant(m.at)}</time>
          <div>
            <span className={m.from === "plumbline" ? "" : `side-${m.from} strong`}>{m.system}</span>{" "}
            {m.link ? <Link to={m.link}>{m.what}</Link> : <span className="break">{m.what}</span>}{" "}
            <span className="muted">by {m.who}</span>
            {m.note && <p className="break">{m.note}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}
