/** Milestones: what the client accepted is billed, and nothing else. */
import type { Rule } from "../rule.ts";
import { PROJECT_MISSING } from "./parents.ts";

export const milestoneMissing: Rule = {
  id: "MIL-01",
  version: 1,
  title: "Accepted milestone not in ERP",
  because: "The client has accepted the work, and finance is not ready to bill it.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "milestones", kinds: ["missing_right"], settle: "4h" }],
  absorbedBy: [PROJECT_MISSING],
  money: {
    basis: "money",
    words: "amount of the milestone",
    items: { from: "milestone", of: "psa", on: { key: "f.key" }, atStake: "item.value" },
  },
  remedy: null,
};

export const milestoneDiffers: Rule = {
  id: "MIL-03",
  version: 1,
  title: "Milestone amount or date differs",
  because: "The invoice states another sum, or falls in another month, than what was agreed and accepted.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "milestones", kinds: ["mismatch"], fields: ["amount", "due_on"], settle: "24h" }],
  money: {
    basis: "money",
    words: "difference in amount",
    items: {
      from: "milestone",
      of: "psa",
      on: { key: "f.key" },
      atStake: "abs(left.amount - right.amount)",
    },
  },
  remedy: null,
};

export const milestoneUnaccepted: Rule = {
  id: "MIL-04",
  version: 1,
  title: "Milestone billed, or ready to be, without acceptance",
  because: "The client can refuse the invoice, and revenue is recognised on work nobody has accepted.",
  owner: "Controller",
  severity: 1,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "milestones", kinds: ["missing_left"], settle: "1h" }],
  money: {
    basis: "money",
    words: "amount of the milestone in the ERP",
    items: { from: "milestone", of: "erp", on: { key: "f.key" }, atStake: "item.value" },
  },
  remedy: null,
};

export const MILESTONE_RULES: readonly Rule[] = [milestoneMissing, milestoneDiffers, milestoneUnaccepted];
