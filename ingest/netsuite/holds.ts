/** Which of the fields that not every system holds this account holds, by its settings, and where it keeps other systems' ids. */
import type { Source } from "../connector.ts";
import type { NetSuiteSettings } from "./settings.ts";
import { dimensionsOf } from "./streams-project.ts";

export function holdsOf(s: NetSuiteSettings): NonNullable<Source["holds"]> {
  const named = (setting: string | null, field: string) => (setting === null ? [] : [field]);
  return {
    customer: [
      "parent_ref",
      "payment_terms",
      ...named(s.creditHoldField, "is_on_hold"),
      ...named(s.taxNumberField, "tax_number"),
    ],
    project: [...Object.keys(dimensionsOf(s)), ...named(s.projectPoField, "po_number")],
    resource: ["left_on"],
    expense: ["category"],
    invoice: ["is_void", "po_number"],
    invoice_line: [
      ...named(s.milestoneLinkField, "milestone_ref"),
      ...named(s.expenseLinkField, "expense_ref"),
    ],
  };
}

/** An external id is set by import or by an integration: the account's own screens show it and do not change it. */
const EXTERNAL = "External ID (by CSV import or integration)";

export function keyFieldsOf(s: NetSuiteSettings): NonNullable<Source["keyFields"]> {
  return {
    customer: EXTERNAL,
    resource: EXTERNAL,
    project: EXTERNAL,
    task: EXTERNAL,
    assignment: EXTERNAL,
    time_entry: s.timeLinkField ?? EXTERNAL,
    expense: s.expenseLinkField ?? EXTERNAL,
    milestone: EXTERNAL,
  };
}
