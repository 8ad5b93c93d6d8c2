/** The answers of the rules about milestones. */
import { stake } from "../faults/stakes.ts";
import type { Answer, Evaluate } from "./answer.ts";
import { differ, gap, isQuiet, readBilling, unknownProjects } from "./billing-books.ts";

const milestones: Evaluate = ({ firm, stores, books }) => {
  const { psaMilestones, erpMilestones } = readBilling(stores);
  const unknown = unknownProjects(books);
  const comparison = "milestones";
  const inPsa = new Map(psaMilestones.map((m) => [m.key, m]));
  const inErp = new Map(erpMilestones.map((m) => [m.key, m]));
  const accepted = psaMilestones.flatMap((psa): Answer[] => {
    if (!psa.isAccepted) return [];
    const { key } = psa;
    const erp = inErp.get(key);
    if (!erp?.isAccepted) {
      if (unknown.has(psa.project) || !isQuiet(firm, 4, psa.at, erp?.at ?? 0)) return [];
      const money = stake(psa.amount, psa.currency);
      return [{ rule: "MIL-01", comparison, key, kind: "missing_right", fields: [], money }];
    }
    const fields = [
      ...(differ(psa.amount, erp.amount, "0.01") ? ["amount"] : []),
      ...(psa.on !== erp.on ? ["due_on"] : []),
    ];
    if (fields.length === 0 || !isQuiet(firm, 24, psa.at, erp.at)) return [];
    const money = stake(gap(psa.amount, erp.amount), psa.currency);
    return [{ rule: "MIL-03", comparison, key, kind: "mismatch", fields, money }];
  });
  const unaccepted = erpMilestones.flatMap((erp): Answer[] => {
    const psa = inPsa.get(erp.key);
    if (!erp.isAccepted || psa?.isAccepted || !isQuiet(firm, 1, erp.at, psa?.at ?? 0)) return [];
    const money = stake(erp.amount, erp.currency);
    return [{ rule: "MIL-04", comparison, key: erp.key, kind: "missing_left", fields: [], money }];
  });
  return [...accepted, ...unaccepted];
};

export const MILESTONE_ANSWERS: readonly Evaluate[] = [milestones];
