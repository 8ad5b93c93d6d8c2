import type { Guard } from "#reconcile/push/preview";
import { Icon } from "./icon.tsx";

/** What must hold before a push may be requested or approved, each with how it stands. */
export function GuardList({ guards }: { guards: readonly Guard[] }) {
  return (
    <ul className="checks">
      {guards.map((g) => (
        <li key={g.name}>
          <Icon name={g.ok ? "check" : "cross"} className={g.ok ? "ok-mark" : "bad-mark"} />
          <span>
            <span className="strong">{g.name}</span>
            <span className="hidden-text">{g.ok ? " (holds)" : " (does not hold)"}</span>: {g.message}
          </span>
        </li>
      ))}
    </ul>
  );
}
