import type { PushSummary } from "../data/push-list.server.ts";
import { Icon } from "./icon.tsx";

const STEPS = ["Requested", "Approved", "Written", "Verified"] as const;

/** The way of a push from request to proof. */
export function PushSteps({ push }: { push: PushSummary }) {
  const done = push.verifiedAt
    ? 4
    : push.appliedAt
      ? 3
      : push.status === "requested" || push.decidedAt === null
        ? 1
        : 2;
  const ended = ["refused", "withdrawn", "conflict", "rejected"].includes(push.status);
  return (
    <ol className="steps" aria-label="How far it is">
      {STEPS.map((step, n) => (
        <li
          key={step}
          data-done={n < done && !(ended && n > 0) ? "yes" : "no"}
          {...(n === done && !ended ? { "aria-current": "step" as const } : {})}
        >
          {n < done && !(ended && n > 0) && <Icon name="check" />}
          {step}
        </li>
      ))}
      {ended && <li className="bad-mark">{push.statusWords}</li>}
    </ol>
  );
}
