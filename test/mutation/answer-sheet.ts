/**
 * A sandbox firm, read once, against whose answer sheet a broken rule is held: the comparisons the rule claims are judged again as
 * the broken catalogue says, and what the rules then say of each key, with the money and what explains it, must not be what was
 * planted. It takes about a second, where the tests of a rule take most of a minute; what it does not notice is left to them.
 *
 * Every record of the firm has two twins that were deleted, one of them of the same key, so that whoever counts deleted records sees
 * double. For settle times the firm can be made to look as if every record had been changed this moment: nothing may be said then that
 * has to settle first.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { equal } from "#core/decimal";
import { ENTITIES } from "#core/entities";
import { newId } from "#core/ids";
import { chTime, instantOf, manualClock, systemClock } from "#core/time";
import { openSources } from "#ingest/registry";
import { ingestAll } from "#ingest/run";
import { applicable } from "#reconcile/applicable";
import type { Comparison } from "#reconcile/comparison";
import { COMPARISONS } from "#reconcile/comparisons/index";
import { AS_RELEASED, type Catalogue } from "#reconcile/governance/catalogue";
import { reconcile } from "#reconcile/run";
import { countKinds, isDue, judge, runStatement, type Statement, statementsOf } from "#reconcile/steps";
import { startSandbox } from "#sandbox/start";
import { chString, compiledQuery } from "#sql/query";
import { sqlDir } from "#sql/root";
import { sandboxConfig } from "../support/sandbox-config.ts";
import { openTestStore } from "../support/store.ts";
import type { Mutation } from "./mutations.ts";

export interface AnswerSheet {
  /** From now on every record counts as changed this moment, and what is said then unbroken is what must be said. */
  freshen(): Promise<void>;
  /** The first thing that is not as it must be; '' when everything is. Undefined: no mutation, the catalogue as it is. */
  notice(comparisons: readonly string[], mutation: Mutation | undefined): Promise<string>;
  close(): Promise<void>;
}

const SEED = 11;

const said = compiledQuery({
  name: "mutation.said",
  sql: `SELECT rule, comparison, key, absorbed_by, arraySort(fields) AS fields, toString(money) AS money FROM verdict WHERE run_id IN {runs:Array(String)}`,
  params: z.object({ runs: z.array(z.string()) }),
  row: z.object({
    rule: chString,
    comparison: chString,
    key: chString,
    absorbed_by: chString,
    fields: z.array(z.string()),
    money: z.string().nullable(),
  }),
});

interface Answer {
  explainedBy: string;
  /** The fields that differ; of a symptom they are not asked. */
  fields: string | undefined;
  /** What is planted with a price; of a symptom it is not asked. */
  money: string | undefined;
}

const name = (e: { rule: string; comparison: string; key: string }) => `${e.rule} ${e.comparison} ${e.key}`;

/** Plants, reads and reconciles a firm. Throws what any of it throws. */
export async function openAnswerSheet(): Promise<AnswerSheet> {
  const clock = manualClock(instantOf(systemClock.now()));
  const sandbox = await startSandbox({ seed: SEED, projects: 40, months: 4, perRule: 3, clock });
  const store = await openTestStore();
  const close = async () => void (await Promise.all([sandbox.close(), store.close()]));
  try {
    const config = sandboxConfig(sandbox);
    const sources = openSources(config, { clock });
    await ingestAll(store, sources, { clock, mode: "full" });
    for (const entity of ENTITIES)
      for (const key of ["key", "concat('gone-', key)"])
        await store.command(`INSERT INTO ${entity}
          SELECT * REPLACE (${key} AS key, concat('gone-', native_id) AS native_id, 1 AS is_deleted)
          FROM (SELECT * FROM ${entity} FINAL WHERE is_deleted = 0)`);
    await reconcile(store, { clock, config, sources }, { mode: "full" });
    const runAt = instantOf(clock.now());
    let isFresh = false;
    const answers = new Map<string, Answer>([
      ...sandbox.truth.planted.map(
        (p) =>
          [
            name(p),
            { explainedBy: "", fields: [...p.fields].sort().join(), money: p.money?.amount ?? "0" },
          ] as const,
      ),
      ...sandbox.truth.absorbed.map(
        (a) => [name(a), { explainedBy: a.by.rule, fields: undefined, money: undefined }] as const,
      ),
    ]);

    /** Judges a comparison and hears its rules, without a trace in the exceptions or in what later runs rest on. */
    const hear = async (comparison: Comparison, catalogue: Catalogue): Promise<string[]> => {
      const runId = newId();
      const scope = applicable(comparison, catalogue.rules, config, sources);
      if (!scope.applies) return [];
      const run: Statement = {
        store,
        comparison: scope.comparison,
        catalogue,
        statements: statementsOf(scope.comparison, catalogue.rules),
        runId,
        params: {
          as_of: runAt.slice(0, 10),
          reporting: config.reporting.currency,
          runAt,
          settledAt: runAt,
        },
        signal: undefined,
      };
      await judge(run, "all");
      const judged = await countKinds(run, { judged: true });
      for (const verdict of run.statements.verdicts)
        if (isDue(verdict, judged)) await runStatement(run, verdict.sql);
      return [runId];
    };

    const view = async (file: string, sql = readFileSync(join(sqlDir(), "views", file), "utf8")) =>
      store.command(sql);

    const whileFresh = new Map<string, ReadonlyMap<string, Answer>>();
    /** What must be said of some comparisons. */
    const answersTo = async (ids: readonly string[]): Promise<ReadonlyMap<string, Answer>> => {
      if (!isFresh) return answers;
      const known = whileFresh.get(ids.join());
      if (known) return known;
      const heard = await hearAll(AS_RELEASED, ids);
      const fresh = new Map(
        heard.map((v) => [name(v), { explainedBy: v.absorbed_by, fields: undefined, money: undefined }]),
      );
      whileFresh.set(ids.join(), fresh);
      return fresh;
    };
    const hearAll = async (catalogue: Catalogue, ids: readonly string[]) => {
      const runs: string[] = [];
      for (const c of catalogue.comparisons.filter((c) => ids.includes(c.id)))
        runs.push(...(await hear(c, catalogue)));
      return store.query(said, { runs });
    };

    return {
      close,
      async freshen() {
        isFresh = true;
        for (const entity of ENTITIES)
          await store.command(
            `ALTER TABLE ${entity} UPDATE changed_at = {at:DateTime64(3, 'UTC')} WHERE 1 SETTINGS mutations_sync = 1`,
            { at: chTime(runAt) },
          );
      },
      async notice(ids, mutation) {
        const { rules = [], comparison, view: broken } = mutation?.with ?? {};
        const catalogue: Catalogue = {
          rules: AS_RELEASED.rules.map((r) => rules.find((b) => b.id === r.id) ?? r),
          comparisons: COMPARISONS.map((c) => (c.id === comparison?.id ? comparison : c)),
        };
        const right = await answersTo(ids);
        if (broken) await view(broken.file, broken.sql);
        try {
          return firstApart(right, ids, await hearAll(catalogue, ids));
        } finally {
          if (broken) await view(broken.file);
        }
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What rules of whole sides say is not asked here. */
function firstApart(
  answers: ReadonlyMap<string, Answer>,
  comparisons: readonly string[],
  verdicts: readonly {
    rule: string;
    comparison: string;
    key: string;
    absorbed_by: string;
    fields: readonly string[];
    money: string | null;
  }[],
): string {
  const heard = new Map(verdicts.map((v) => [name(v), v]));
  const isAsked = (planted: string) =>
    !planted.startsWith("SYS-") && comparisons.includes(planted.split(" ")[1] ?? "");
  for (const [planted, answer] of answers) {
    if (!isAsked(planted)) continue;
    const v = heard.get(planted);
    if (!v) return `not found: ${planted}`;
    if (v.absorbed_by !== answer.explainedBy) return `explained by ${v.absorbed_by || "nothing"}: ${planted}`;
    if (answer.fields !== undefined && v.fields.join() !== answer.fields)
      return `differs in ${v.fields.join()} and not in ${answer.fields}: ${planted}`;
    if (answer.money !== undefined && !equal(v.money ?? "0", answer.money))
      return `money ${v.money} instead of ${answer.money}: ${planted}`;
  }
  // The sheet names the symptoms it plants, not every one there is.
  for (const [opened, v] of heard)
    if (!answers.has(opened) && v.absorbed_by === "") return `without cause: ${opened}`;
  return "";
}
