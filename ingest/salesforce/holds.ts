/** Which of the fields that not every system holds this org holds, by its settings. */
import type { Source } from "../connector.ts";
import type { SalesforceSettings } from "./settings.ts";

export function holdsOf(s: SalesforceSettings): NonNullable<Source["holds"]> {
  const named = (setting: string | null, field: string) => (setting === null ? [] : [field]);
  const c = s.contract;
  return {
    customer: ["parent_ref", ...named(s.account.taxNumberField, "tax_number")],
    contract: [
      ...named(c.billingTypeField, "billing_type"),
      ...named(c.capField, "cap"),
      ...named(c.discountField, "discount_pct"),
      ...named(c.paymentTermsField, "payment_terms"),
      ...named(c.poRequiredField, "is_po_required"),
      ...named(c.poNumberField, "po_number"),
    ],
  };
}
