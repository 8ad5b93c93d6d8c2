/** The answers of the rules about expenses. */
import { stake } from "../faults/stakes.ts";
import type { Answer, Evaluate } from "./answer.ts";
import { differ, gap, isQuiet, readBilling, unknownProjects } from "./billing-books.ts";

const expenses: Evaluate = ({ firm, stores, books }) => {
  const { psaExpenses, erpExpenses } = readBilling(stores);
  const unknown = unknownProjects(books);
  const comparison = "expenses";
  return psaExpenses.flatMap((psa): Answer[] => {
    if (!psa.isApproved) return [];
    const known = erpExpenses.filter((e) => e.key === psa.key);
    const [erp, ...more] = known.filter((e) => e.isApproved);
    if (!isQuiet(firm, 4, psa.at, ...known.map((e) => e.at)) || more.length > 0) return [];
    const { key } = psa;
    if (!erp) {
      if (unknown.has(psa.project)) return [];
      const money = stake(psa.isBillable ? psa.amount : "0", psa.currency);
      return [{ rule: "EXP-01", comparison, key, kind: "missing_right", fields: [], money }];
    }
    const answers: Answer[] = [];
    const fields = [
      ...(differ(psa.amount, erp.amount, "0.01") ? ["amount"] : []),
      ...(psa.currency !== erp.currency ? ["currency"] : []),
    ];
    if (fields.length > 0) {
      const amount = fields.includes("currency") ? psa.amount : gap(psa.amount, erp.amount);
      const money = stake(amount, psa.currency);
      answers.push({ rule: "EXP-02", comparison, key, kind: "mismatch", fields, money });
    }
    if (psa.isBillable !== erp.isBillable) {
      const money = stake(psa.amount, psa.currency);
      answers.push({ rule: "EXP-03", comparison, key, kind: "mismatch", fields: ["billing"], money });
    }
    return answers;
  });
};

export const EXPENSE_ANSWERS: readonly Evaluate[] = [expenses];
