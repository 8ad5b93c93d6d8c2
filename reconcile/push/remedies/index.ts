import type { Role } from "#core/roles";
import type { Writer } from "#ingest/connector";
import type { RemedyRule } from "../proposal.ts";
import { assignmentRemedies } from "./assignment.ts";
import { projectRemedies } from "./project.ts";
import { rateRemedies } from "./rate.ts";
import { timeRemedies } from "./time.ts";

/** Every correction Plumbline can push. An exception whose rule and comparison are not here is put right by a person. */
export const REMEDIES: readonly RemedyRule[] = [
  ...rateRemedies,
  ...assignmentRemedies,
  ...timeRemedies,
  ...projectRemedies,
];

/** The correction for what a rule found in a comparison, given which side is right; null when only a person can make it. */
export function remedyFor(rule: string, comparison: string, record: Role): RemedyRule | null {
  return REMEDIES.find((r) => r.rule === rule && r.comparison === comparison && r.record === record) ?? null;
}

/** Whether a source's writer can make the correction at all. */
export function canCorrect(
  { writer }: { writer: Pick<Writer, "can"> | null },
  { corrects }: RemedyRule,
): boolean {
  return writer?.can[corrects.entity]?.includes(corrects.action) ?? false;
}
