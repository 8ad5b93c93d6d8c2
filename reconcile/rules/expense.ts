/** Expenses: what was approved reaches the client once, at its amount. */
import type { Rule } from "../rule.ts";
import { PROJECT_MISSING } from "./parents.ts";

export const expenseMissing: Rule = {
  id: "EXP-01",
  version: 1,
  title: "Approved expense not in ERP",
  because: "The firm has promised its people the money and bills none of it on.",
  owner: "Finance operations",
  severity: 2,
  blocks: "hard",
  onlyIfBillable: true,
  per: "key",
  claims: [{ comparison: "expenses", kinds: ["missing_right"], settle: "4h" }],
  absorbedBy: [PROJECT_MISSING],
  money: {
    basis: "money",
    words: "amount of the expense with its markup; nothing when it is not billed on",
    items: { from: "expense", of: "psa", on: { key: "f.key" }, atStake: "item.value" },
  },
  remedy: null,
};

export const expenseDiffers: Rule = {
  id: "EXP-02",
  version: 1,
  title: "Expense amount or currency differs",
  because: "The client is billed, and the employee repaid, another sum than the one that was approved.",
  owner: "Finance operations",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "expenses", kinds: ["mismatch"], fields: ["amount", "currency"], settle: "4h" }],
  money: {
    basis: "money",
    words: "difference in amount; the whole expense where the currencies differ",
    items: {
      from: "expense",
      of: "psa",
      on: { key: "f.key" },
      atStake:
        "if(upper(left.currency) != upper(right.currency), item.value, abs(left.amount - right.amount))",
    },
  },
  remedy: null,
};

export const expenseFlag: Rule = {
  id: "EXP-03",
  version: 1,
  title: "Expense billed on in one system only",
  because: "A cost the client agreed to pay is not invoiced, or one that the firm bears is.",
  owner: "Finance operations",
  severity: 2,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "expenses", kinds: ["mismatch"], fields: ["billing"], settle: "4h" }],
  money: {
    basis: "money",
    words: "amount of the expense with its markup",
    items: { from: "expense", of: "psa", on: { key: "f.key" }, atStake: "item.value" },
  },
  remedy: null,
};

export const EXPENSE_RULES: readonly Rule[] = [expenseMissing, expenseDiffers, expenseFlag];
