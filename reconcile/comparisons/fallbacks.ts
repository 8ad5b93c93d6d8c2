/** How the record that is probably the same is looked for, for each kind of record whose key may find none. */
import type { Fallback } from "../comparison.ts";

export const CLIENT_FALLBACK: Fallback = {
  left: "fallback_client",
  right: "fallback_client",
  ways: [
    { words: "the same tax number", code: "tax_number", evenTaken: true },
    { words: "", alike: "name", agree: "legal_entity", evenTaken: true },
  ],
};

export const SALE_FALLBACK: Fallback = {
  left: "fallback_sale",
  right: "fallback_sold_project",
  ways: [{ words: "the same client", alike: "name", same: ["customer_key"] }],
};

export const CONTRACT_FALLBACK: Fallback = {
  left: "fallback_contract",
  right: "fallback_contract_project",
  ways: [
    { words: "the same contract number", code: "number" },
    { words: "the same client", alike: "name", same: ["customer_key"] },
  ],
};

export const PROJECT_FALLBACK: Fallback = {
  left: "fallback_project",
  right: "fallback_project",
  ways: [
    { words: "the same project code", code: "code" },
    { words: "the same client", alike: "name", same: ["customer_key"] },
  ],
};

export const PERSON_FALLBACK: Fallback = {
  left: "fallback_person",
  right: "fallback_person",
  ways: [{ words: "", alike: "name", agree: "legal_entity" }],
};

export const TASK_FALLBACK: Fallback = {
  left: "fallback_task",
  right: "fallback_task",
  ways: [{ words: "the same project", alike: "name", same: ["project_key"] }],
};

export const ASSIGNMENT_FALLBACK: Fallback = {
  left: "fallback_assignment",
  right: "fallback_assignment",
  about: ["resource_key", "project_key"],
  ways: [
    {
      words: "the same person, project and start date",
      same: ["resource_key", "project_key", "start_on"],
    },
    { words: "the same person and project", same: ["resource_key", "project_key"] },
  ],
};

export const TIME_FALLBACK: Fallback = {
  left: "fallback_time",
  right: "fallback_time",
  about: ["resource_key", "project_key"],
  ways: [
    {
      words: "the same person, project, day and hours",
      same: ["resource_key", "project_key", "work_on", "hours"],
    },
    { words: "the same person, project and day", same: ["resource_key", "project_key", "work_on"] },
  ],
  narrow: { table: "time_entry", columns: ["project_key", "resource_key", "work_on"] },
};

export const EXPENSE_FALLBACK: Fallback = {
  left: "fallback_expense",
  right: "fallback_expense",
  about: ["resource_key"],
  ways: [
    {
      words: "the same person, day, amount and currency",
      same: ["resource_key", "incurred_on", "amount", "currency"],
    },
  ],
};

export const MILESTONE_FALLBACK: Fallback = {
  left: "fallback_milestone",
  right: "fallback_milestone",
  ways: [
    { words: "the same project and amount", alike: "name", same: ["project_key", "amount"] },
    { words: "the same project", alike: "name", same: ["project_key"] },
  ],
};
