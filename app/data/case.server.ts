/** The case an exception is part of: the failures it explains, or the one that explains it. */
import { ruleById } from "#reconcile/rules/index";
import { caseList, caseRoot, caseSymptoms } from "#sql/queries/cases";
import type { ExceptionDetail } from "#sql/queries/exceptions";
import type { Store } from "#sql/store";

const KEYS_SHOWN = 4;

/** What the detail page shows of it; nothing of an exception that stands alone. */
export async function caseOf(store: Store, row: Pick<ExceptionDetail, "id" | "status">) {
  if (row.status === "absorbed") {
    const [root] = await store.query(caseRoot, { id: row.id });
    return {
      cause: root ? { ...root, ruleTitle: ruleById(root.rule)?.title ?? root.rule } : null,
      total: null,
      symptoms: [],
    };
  }
  const [[total], symptoms] = await Promise.all([
    store.query(caseList, { ids: [row.id], limit: 1 }),
    store.query(caseSymptoms, { id: row.id, first: KEYS_SHOWN }),
  ]);
  return {
    cause: null,
    total: total ?? null,
    symptoms: symptoms.map((s) => ({
      ...s,
      ruleTitle: ruleById(s.rule)?.title ?? s.rule,
      hasMoney: ruleById(s.rule)?.money.basis === "money",
      first: s.first_keys.map((key, n) => ({ key, id: s.first_ids[n] ?? "" })),
    })),
  };
}
export type CaseOf = Awaited<ReturnType<typeof caseOf>>;
