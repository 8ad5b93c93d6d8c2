import { Link, useRouteLoaderData } from "@remix-run/react";
import type { ShellData } from "../data/shell.server.ts";
import { sayAgo, sayInstant, saySpan } from "../format.ts";
import { Icon } from "./icon.tsx";

export function useShell(): ShellData | undefined {
  return useRouteLoaderData("routes/_app") as ShellData | undefined;
}

const SAYS = { fresh: "up to date", late: "too old", never: "never read" } as const;

/** As of when each source is known, beside every page's title. */
export function FreshnessStamp() {
  const shell = useShell();
  if (!shell) return null;
  return (
    <ul className="fresh" aria-label="As of">
      <li aria-hidden="true">As of</li>
      {shell.sources.map((s) => (
        <li key={s.id} title={`${s.name}: everything up to ${sayInstant(s.asOf)}`}>
          <span className={`dot dot-${s.state}`} />
          <span>
            <span className="hidden-text">{`${SAYS[s.state]}: `}</span>
            {s.roleName} {sayAgo(s.asOf, shell.now)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Said at the top of every page that depends on a source which is too old, so that no figure is read as current. */
export function StaleBanner() {
  const shell = useShell();
  const stale = shell?.sources.filter((s) => s.state !== "fresh") ?? [];
  if (!shell || stale.length === 0) return null;
  return (
    <div className="banner" role="status">
      <Icon name="clock" />
      <div className="stack-small">
        {stale.map((s) => (
          <p key={s.id}>
            <strong>
              {s.roleName} ({s.name}){" "}
              {s.state === "never"
                ? "has not been read yet."
                : `was last read whole ${sayAgo(s.asOf, shell.now)}.`}
            </strong>{" "}
            {s.state === "never"
              ? "Nothing that depends on it can be judged."
              : `It may be ${saySpan(s.maxAgeMs)} old at most, so what depends on it is not judged: nothing new is opened and nothing is resolved. Figures below are as of that time.`}{" "}
            {s.error && <span className="break">{s.error} </span>}
            <Link to="/sync">Sync health</Link>
          </p>
        ))}
      </div>
    </div>
  );
}
