/**
 * The proof by full runs: what a full run finds otherwise than the runs since the last one left it, although nothing said that it
 * had changed, has been missed by them. That is a fault, so it is shown as an exception until a full run finds nothing of the kind.
 */
import { newId } from "#core/ids";
import { log } from "#core/log";
import { ROLE_NAMES } from "#core/roles";
import type { Store } from "#sql/store";
import type { Comparison } from "./comparison.ts";
import type { RunReport } from "./run-report.ts";
import { applyGateFailures } from "./verdicts.ts";

/** What the alarm of a comparison is called among exceptions. */
export const missedKey = (comparison: Comparison): string => `missed|${comparison.id}`;

/** Raises the alarm of a comparison whose full run found something missed. It ends with the next one that finds nothing. */
export async function tellOfMissed(store: Store, comparison: Comparison, report: RunReport): Promise<void> {
  const missed = report.missedByIncremental;
  log.error({ comparison: comparison.id, missed }, "a full run found what the runs before it had missed");
  const sides = [comparison.left, comparison.right].map((s) => ROLE_NAMES[s.role]).join(" or ");
  await applyGateFailures(
    store,
    { runId: newId(), runAt: report.startedAt, comparison: comparison.id, asOf: report.asOf },
    [
      {
        rule: "SYS-02",
        key: missedKey(comparison),
        sourceId: "",
        stream: comparison.entity,
        message: `The full run of “${comparison.title}” found ${missed === 1 ? "1 key" : `${missed} keys`} that came out otherwise than they stood, although nothing had said that they changed: the runs before it missed them. What stands now is right. Records in the store were changed without being noted; check whether anything but Plumbline writes to its database, and read the ${sides} again in full.`,
      },
    ],
  );
}
