/** Rates: what the client signed is what delivery plans with and finance bills with. */
import type { Money, Rule } from "../rule.ts";
import { CUSTOMER_MISSING } from "./parents.ts";

const BILLABLE_IN_RANGE = [
  "item.is_billable = 1",
  // A rate for all of a customer's projects names none.
  "(f.project_key = '' OR item.project_key = f.project_key)",
  "item.work_on >= toDate(carried.effective_from)",
  "(carried.effective_to = '1970-01-01' OR item.work_on <= toDate(carried.effective_to))",
].join(" AND ");
const SAME_LINE = { customer_key: "f.customer_key", role_name: "carried.role_name", currency: "f.currency" };

const unbilled = (words: string, atStake: string): Money => ({
  basis: "money",
  words,
  items: { of: "psa", on: SAME_LINE, where: BILLABLE_IN_RANGE, uninvoiced: true, atStake },
});

export const rateMissing: Rule = {
  id: "RAT-01",
  version: 1,
  title: "Rate line missing",
  because: "Work for which a system holds no rate goes out at no price, or does not go out at all.",
  owner: "Commercial",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [
    { comparison: "rates-contract-erp", kinds: ["missing_right"], settle: "4h" },
    { comparison: "rates-contract-psa", kinds: ["missing_right"], settle: "4h" },
  ],
  absorbedBy: [CUSTOMER_MISSING],
  money: unbilled(
    "contract rate × hours of uninvoiced approved time for that customer, role and currency in the line's dates",
    "item.value",
  ),
  remedy: null,
};

export const rateDiffers: Rule = {
  id: "RAT-02",
  version: 1,
  title: "Rate differs from the contract",
  because: "Clients are billed another rate than they signed: money lost, or an invoice disputed.",
  owner: "Commercial",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [
    { comparison: "rates-contract-erp", kinds: ["mismatch"], fields: ["rate"], settle: "4h" },
    { comparison: "rates-contract-psa", kinds: ["mismatch"], fields: ["rate"], settle: "4h" },
    { comparison: "project-prices", kinds: ["mismatch"], fields: ["rate"], settle: "4h" },
  ],
  money: unbilled(
    "difference between the contract rate and the rate held × hours of uninvoiced approved time for that customer, role and currency in the line's dates; of that project only, where the price is a project's own",
    "abs(item.rc - right.rate) * item.hours",
  ),
  remedy: "Set the rate that the ERP or the PSA holds to the contract rate.",
};

export const RATE_RULES: readonly Rule[] = [rateMissing, rateDiffers];
