import type { RemedyRule } from "../proposal.ts";
import { assignmentRemedy } from "./assignment.ts";
import { projectRemedy } from "./project.ts";
import { rateRemedy } from "./rate.ts";
import { timeRemedy } from "./time.ts";

/** Every correction Plumbline can push. An exception whose rule and comparison are not here is put right by a person. */
export const REMEDIES: readonly RemedyRule[] = [rateRemedy, assignmentRemedy, timeRemedy, projectRemedy];

export function remedyFor(rule: string, comparison: string): RemedyRule | null {
  return REMEDIES.find((r) => r.rule === rule && r.comparison === comparison) ?? null;
}
