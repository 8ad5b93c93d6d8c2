/** Which of the fields that not every system holds this account holds, by its settings. */
import type { Source } from "../connector.ts";
import type { NetSuiteSettings } from "./settings.ts";

export function holdsOf(s: NetSuiteSettings): NonNullable<Source["holds"]> {
  const named = (setting: string | null, field: string) => (setting === null ? [] : [field]);
  return {
    customer: [
      "parent_ref",
      "payment_terms",
      ...named(s.creditHoldField, "is_on_hold"),
      ...named(s.taxNumberField, "tax_number"),
    ],
    project: named(s.projectPoField, "po_number"),
  };
}
