/** Tasks: what time is booked on is in finance, open, and billable on both sides or on neither. */
import type { Money, Rule } from "../rule.ts";
import { PROJECT_MISSING } from "./parents.ts";

const uninvoicedOnTask = (words: string, where = ""): Money => ({
  basis: "money",
  words,
  items: {
    of: "psa",
    on: { task_key: "f.key" },
    where: `item.is_billable = 1${where}`,
    uninvoiced: true,
    atStake: "item.value",
  },
});

export const taskMissing: Rule = {
  id: "TSK-01",
  version: 1,
  title: "Task missing in ERP",
  because: "Time on a task that finance does not know cannot be posted, so it is not invoiced.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "tasks", kinds: ["missing_right"], settle: "1h" }],
  absorbedBy: [PROJECT_MISSING],
  money: uninvoicedOnTask("contract rate × hours of uninvoiced approved billable time on the task"),
  remedy: null,
};

export const taskClosed: Rule = {
  id: "TSK-02",
  version: 1,
  title: "Time entered on a closed task",
  because: "The work was declared finished; hours that come later are refused in the ERP or by the client.",
  owner: "PMO",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "closed-tasks", kinds: ["mismatch"], settle: "1h" }],
  absorbedBy: [PROJECT_MISSING],
  money: uninvoicedOnTask(
    "contract rate × hours of uninvoiced approved billable time entered after the task was closed",
    " AND item.recorded_at > toDateTime64(carried.closed_at, 3, 'UTC')",
  ),
  // Which task the work belongs to, or whether this one is to be opened again, is for the project's manager to say.
  remedy: null,
};

export const taskBillable: Rule = {
  id: "TSK-03",
  version: 1,
  title: "Billable in one system, not in the other",
  because: "Time on the task is invoiced against the agreement, or is not invoiced although it was agreed.",
  owner: "Commercial",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "tasks", kinds: ["mismatch"], fields: ["billing"], settle: "4h" }],
  money: uninvoicedOnTask("contract rate × hours of uninvoiced approved billable time on the task"),
  remedy: null,
};

export const TASK_RULES: readonly Rule[] = [taskMissing, taskClosed, taskBillable];
