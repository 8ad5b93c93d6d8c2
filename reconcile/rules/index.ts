/** The catalogue, in the order people read it. Checked when it is loaded: nothing starts on rules that overlap. */
import { COMPARISONS } from "../comparisons.ts";
import { checkCatalogue, type Rule } from "../rule.ts";
import { assignmentDiffers, assignmentMissing, assignmentRate } from "./assignment.ts";
import { customerName } from "./customer.ts";
import { projectCode, projectDates, projectMissing, projectStatus } from "./project.ts";
import { rateDiffers, rateMissing } from "./rate.ts";
import { linkAmbiguous, streamIncomplete, streamLate } from "./system.ts";
import { timeDiffers, timeMissing, timeTwice, timeUnapproved } from "./time.ts";

export const RULES: readonly Rule[] = [
  customerName,
  projectMissing,
  projectCode,
  projectStatus,
  projectDates,
  rateMissing,
  rateDiffers,
  assignmentMissing,
  assignmentDiffers,
  assignmentRate,
  timeMissing,
  timeUnapproved,
  timeDiffers,
  timeTwice,
  linkAmbiguous,
  streamLate,
  streamIncomplete,
];

checkCatalogue(RULES, COMPARISONS);

/** The rule with this id, or undefined. */
export function ruleById(id: string): Rule | undefined {
  return RULES.find((r) => r.id === id);
}
