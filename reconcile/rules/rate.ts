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

export const rateGap: Rule = {
  id: "RAT-03",
  version: 1,
  title: "Approved time on days without a rate",
  because:
    "One contract rate ran out before the next begins: what was worked in between has no agreed price.",
  owner: "Commercial",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "rate-gaps", kinds: ["mismatch"], settle: "4h" }],
  money: {
    basis: "money",
    words:
      "the rate that ran out, or failing that the first to come, × hours of uninvoiced approved billable time on days without one",
    items: {
      of: "psa",
      on: SAME_LINE,
      where: "item.is_billable = 1 AND isNull(item.rc)",
      uninvoiced: true,
      atStake: "toDecimal64OrNull(carried.rate, 4) * item.hours",
    },
  },
  remedy: null,
};

export const rateOverlap: Rule = {
  id: "RAT-04",
  version: 1,
  title: "Two rates for the same days",
  because: "Which of them is billed is left to chance, and to each system.",
  owner: "Commercial",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [
    { comparison: "rates-overlap-crm", kinds: ["mismatch"], settle: "24h" },
    { comparison: "rates-overlap-psa", kinds: ["mismatch"], settle: "24h" },
  ],
  money: {
    basis: "money",
    words:
      "difference between the highest and the lowest rate that run together × hours of uninvoiced approved billable time from the first to the last day they do",
    items: {
      of: "psa",
      on: SAME_LINE,
      where:
        "item.is_billable = 1 AND item.work_on >= toDate(carried.overlap_from) AND item.work_on <= toDate(carried.overlap_to)",
      uninvoiced: true,
      atStake: "toDecimal64OrNull(carried.spread, 4) * item.hours",
    },
  },
  remedy: null,
};

export const currencyDiffers: Rule = {
  id: "RAT-06",
  version: 1,
  title: "Project billed in another currency",
  because: "The client gets an invoice in a currency nobody agreed on, at prices meant for another.",
  owner: "Commercial",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "project-currency", kinds: ["mismatch"], settle: "4h" }],
  money: {
    basis: "money",
    words: "contract rate × hours of the project's uninvoiced approved billable time",
    items: {
      of: "psa",
      on: { project_key: "f.project_key" },
      where: "item.is_billable = 1",
      uninvoiced: true,
      atStake: "item.value",
    },
  },
  remedy: null,
};

export const RATE_RULES: readonly Rule[] = [rateMissing, rateDiffers, rateGap, rateOverlap, currencyDiffers];
