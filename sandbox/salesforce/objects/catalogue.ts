/** Every object the org has, history objects included. */
import { historyOf, type ObjectSpec } from "../metadata.ts";
import { account, contract, contractAmendment, contractRate, opportunity, user } from "./crm.ts";
import { group, milestone, practice, project, projectTask, region } from "./project.ts";
import { assignment, contact, rateCard, schedule } from "./staffing.ts";
import { expense, expenseReport, timecardHeader } from "./time.ts";

const OBJECTS: readonly ObjectSpec[] = [
  user,
  account,
  opportunity,
  contract,
  contractAmendment,
  contractRate,
  contact,
  region,
  practice,
  group,
  project,
  projectTask,
  milestone,
  schedule,
  assignment,
  rateCard,
  timecardHeader,
  expenseReport,
  expense,
];

export const CATALOGUE: readonly ObjectSpec[] = OBJECTS.flatMap((spec) => {
  const history = historyOf(spec);
  return history === null ? [spec] : [spec, history];
});
