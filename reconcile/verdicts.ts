/** What the rules say about a run: their verdicts are stored, then made into events of exceptions. */
import { exceptionId, sha256 } from "#core/ids";
import { ROLE_NAMES } from "#core/roles";
import { ambiguousSides, verdictTable } from "#sql/queries/reconcile";
import type { Store } from "#sql/store";
import { mayClaim } from "./applicable.ts";
import type { EvidenceDetail } from "./evidence.ts";
import type { AsOf, GateFailure } from "./gates.ts";
import { applyRun, type LifecycleCounts, type RunScope } from "./lifecycle.ts";
import type { Rule } from "./rule.ts";
import { GATE_RULES, linkAmbiguous, streamIncomplete, streamLate } from "./rules/system.ts";
import { isDue, type Judged, runStatement, type Statement } from "./steps.ts";

type VerdictRow = Parameters<typeof verdictTable.write>[0];

export interface RunReach {
  /** Every key, or those touched. */
  scope: "all" | "touched";
  /** Whether the run proves that those before it missed nothing, so that an alarm of theirs is over. */
  proves: boolean;
  /** Whether there is any exception of the comparison that may be over. */
  mayEnd: boolean;
  /** Keys of exceptions that stay although the run does not raise them itself. */
  held: readonly string[];
}

/** The rules' verdicts over the findings of a conclusive run, and the events they make. */
export async function applyRules(
  run: Statement,
  judged: Judged,
  asOf: AsOf,
  { scope, proves, held, mayEnd }: RunReach,
): Promise<LifecycleCounts> {
  const { store, comparison } = run;
  const { counts } = judged;
  const of: RunScope = {
    runId: run.runId,
    runAt: run.params.runAt,
    comparison: comparison.id,
    asOf,
    catalogue: run.catalogue,
  };
  const due = run.statements.verdicts.filter((v) => isDue(v, judged));
  await runVerdicts(run, due, counts);
  // Keys without a link or with a shared one are among these; a run over what was touched also asks how the others stand.
  const mayBeAmbiguous = scope === "touched" || counts.unlinked + counts.duplicate_key + counts.pending > 0;
  const sides = mayBeAmbiguous
    ? await store.query(ambiguousSides, { run_id: run.runId, comparison: comparison.id, scope })
    : [];
  const claimed = sides.filter((s) =>
    linkAmbiguous.claims.some(
      (c) =>
        c.comparison === comparison.id &&
        c.kinds.includes(s.of_kind) &&
        (!c.repeated || s.of_kind !== "duplicate_key" || c.repeated === s.side),
    ),
  );
  const keyOf = (s: (typeof sides)[number]) => `${comparison.id}|${s.side}|${s.of_kind}`;
  const settled = claimed.filter((s) => s.keys > 0);
  await store.insert(
    verdictTable,
    settled.map((s) => {
      const role = ROLE_NAMES[comparison[s.side].role];
      const records = s.keys === 1 ? "1 key" : `${s.keys} keys`;
      return verdictRow(linkAmbiguous, of, keyOf(s), s.of_kind, s.affected_hash, {
        message:
          s.of_kind === "unlinked"
            ? `${records} in the ${role} without a partner's id (${comparison.title.toLowerCase()}).`
            : `${records} held more than once in the ${role} (${comparison.title.toLowerCase()}).`,
        count: s.keys,
        keys: s.some_keys,
        nativeIds: s.some_native_ids,
      });
    }),
  );
  // A rule whose fields were all left out has not been looked for, so nothing of it has gone.
  const perKey = run.catalogue.rules.filter((r) => r.per === "key" && mayClaim(r, comparison));
  return applyRun(store, of, {
    hasVerdicts: due.length + settled.length > 0,
    gone: mayEnd && {
      rules: perKey.map((r) => r.id),
      scope,
      // A side that had shrunk is whole again, or accepted as it is: the run got here.
      whole: [linkAmbiguous.id, streamLate.id, ...(proves ? [streamIncomplete.id] : [])],
      // What is only waiting keeps its exception; it does not open one.
      held: [...held, ...claimed.filter((s) => s.keys === 0).map(keyOf)],
    },
  });
}

/** Failing keys up to which the claims of a comparison are asked side by side: more of them take memory that is only there once. */
const FEW_KEYS = 50_000;

/** Planning such a statement takes longer than running it over few keys, and is done on one thread. */
async function runVerdicts(
  run: Statement,
  due: Statement["statements"]["verdicts"],
  counts: Judged["counts"],
): Promise<void> {
  const { match: _match, pending: _pending, ...failing } = counts;
  const isFew = Object.values(failing).reduce((a, b) => a + b, 0) <= FEW_KEYS;
  if (!isFew) {
    for (const { sql } of due) await runStatement(run, sql);
    return;
  }
  const all = await Promise.allSettled(due.map(({ sql }) => runStatement(run, sql)));
  for (const one of all) if (one.status === "rejected") throw one.reason;
}

/** Opens, keeps and resolves the exceptions of the gates: all of them, or with a comparison those about its sides. */
export async function applyGateFailures(
  store: Store,
  run: RunScope,
  failures: readonly GateFailure[],
): Promise<void> {
  await store.insert(
    verdictTable,
    failures.map((f) =>
      verdictRow(GATE_RULES[f.rule], run, f.key, "gate", sha256(f.evidence ?? f.message), {
        message: f.message,
        ...(f.affected
          ? { count: f.affected.count, keys: [...f.affected.keys], nativeIds: [...f.affected.nativeIds] }
          : { count: 1, keys: [f.stream], nativeIds: [] }),
      }),
    ),
  );
  await applyRun(store, run, {
    hasVerdicts: failures.length > 0,
    gone: { rules: [], scope: "all", whole: Object.keys(GATE_RULES) },
  });
}

function verdictRow(
  rule: Rule,
  run: RunScope,
  key: string,
  kind: string,
  hash: string,
  detail: EvidenceDetail,
): VerdictRow {
  return {
    run_id: run.runId,
    run_at: run.runAt,
    exception_id: exceptionId(rule.id, run.comparison, key, ""),
    rule: rule.id,
    rule_version: rule.version,
    comparison: run.comparison,
    key,
    field_group: "",
    kind,
    fields: [],
    severity: rule.severity,
    blocking: rule.blocks,
    money: null,
    currency: "",
    money_reporting: null,
    unpriced: 0,
    items: [],
    fx: "0",
    project_key: "",
    customer_key: "",
    legal_entity: "",
    absorbed_by: "",
    evidence_hash: hash,
    detail: JSON.stringify(detail),
  };
}
