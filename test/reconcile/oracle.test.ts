/**
 * The compiled judgement against a naive one, on random cases. Each case is a key of its own, so that one run checks all of them;
 * every kind must have been met, or the test says nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { abs, compare, subtract } from "#core/decimal";
import { newId } from "#core/ids";
import { daysBetween, durationMs, type Instant, instantOf, msOf } from "#core/time";
import { type Comparison, type FailingKind, type Field, KINDS, type Kind } from "#reconcile/comparison";
import { settleMs } from "#reconcile/compile";
import { comparisonById } from "#reconcile/explain";
import { AS_RELEASED } from "#reconcile/governance/catalogue";
import type { Rule } from "#reconcile/rule";
import { RULES } from "#reconcile/rules/index";
import { countDirect, countKinds, judge, type Statement, scanRepeated, statementsOf } from "#reconcile/steps";
import { chEnum, chString, compiledQuery } from "#sql/query";
import { openTestStore, type TestStore } from "../support/store.ts";
import { put } from "./seed.ts";

const NOW: Instant = "2026-06-15T12:00:00.000Z";

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number) {
  let a = seed;
  const next = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    chance: (p: number) => next() < p,
    pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T,
  };
}
type Random = ReturnType<typeof randomFrom>;

interface SideRow {
  key: string;
  native_id: string;
  present: boolean;
  changed_at: Instant;
  values: Record<string, string>;
}
interface Case {
  key: string;
  left: SideRow[];
  right: SideRow[];
}

/** Values around the tolerances, and a base that most rows share. */
const CHOICES: Record<string, readonly string[]> = {
  hours: ["8", "8", "8", "8.01", "8.0101", "7.99", "4"],
  work_on: ["2026-05-04", "2026-05-04", "2026-05-04", "2026-05-05"],
  project_key: ["P-1", "P-1", "P-1", "P-2"],
  resource_key: ["E-1", "E-1", "E-1", "E-2"],
  task_key: ["T-1", "T-1", "T-1", "T-2"],
  is_billable: ["1", "1", "1", "1", "0"],
  code: ["ABC", "ABC", " abc", "abc ", "ABD"],
  start_on: ["2026-01-05", "2026-01-05", "2026-01-06", "2026-01-07"],
  end_on: ["2026-12-31", "2026-12-31", "2026-12-30", "2026-12-29"],
  name: [
    "Contoso Ltd",
    "Contoso Ltd",
    " CONTOSO  ltd",
    "Contoso\u00a0Ltd\t",
    "\uff23ontoso Ltd",
    "Contoso Ltd.",
    "ContosoLtd",
  ],
};

const AGES_MS = [
  0,
  30 * 60_000,
  3_600_000 - 1,
  3_600_000,
  4 * 3_600_000 - 1,
  4 * 3_600_000,
  24 * 3_600_000 - 1,
  24 * 3_600_000,
  90 * 86_400_000,
];

function casesFor(comparison: Comparison, random: Random, count: number): Case[] {
  const row = (key: string, side: string, n: number): SideRow => ({
    key,
    native_id: `${side}-${key}-${n}`,
    present: random.chance(0.85),
    changed_at: instantOf(msOf(NOW) - (random.chance(0.5) ? 90 * 86_400_000 : random.pick(AGES_MS))),
    values: Object.fromEntries(comparison.fields.map((f) => [f.name, random.pick(CHOICES[f.name] ?? [""])])),
  });
  return Array.from({ length: count }, (_, n) => {
    const key = random.chance(0.08) ? `unlinked:${n}` : `case-${n}`;
    const rows = (side: string) =>
      Array.from({ length: random.pick([0, 1, 1, 1, 1, 2]) }, (_, m) => row(key, side, m));
    return { key, left: rows("l"), right: rows("r") };
  });
}

/** What the rules say should come out, in plain steps. */
function oracle(
  comparison: Comparison,
  rules: readonly Rule[],
  c: Case,
): { kind: Kind; differing: string[]; waiting: string[] } | null {
  const l = c.left.filter((r) => r.present);
  const r = c.right.filter((x) => x.present);
  if (l.length + r.length === 0) return null;
  const newest =
    [...c.left, ...c.right]
      .map((x) => x.changed_at)
      .sort()
      .at(-1) ?? NOW;
  const quiet = msOf(NOW) - msOf(newest);
  const settled = (kind: Exclude<Kind, "match" | "pending">, field?: string) =>
    quiet >= settleMs(comparison, rules, kind, field);
  const none = { differing: [], waiting: [] };
  const isPair = l.length === 1 && r.length === 1;
  const differ = comparison.fields.filter((f) => {
    const [a, b] = [l[0]?.values[f.name] ?? "", r[0]?.values[f.name] ?? ""];
    return isPair && !agree(f, a, b);
  });
  if (isPair && differ.length === 0) return { kind: "match", ...none };
  const settling = c.key.startsWith("unlinked:")
    ? "unlinked"
    : l.length > 1 || r.length > 1
      ? "duplicate_key"
      : r.length === 0
        ? "missing_right"
        : l.length === 0
          ? "missing_left"
          : "mismatch";
  if (settling !== "mismatch") return { kind: settled(settling) ? settling : "pending", ...none };
  const differing = differ.filter((f) => settled("mismatch", f.name)).map((f) => f.name);
  const waiting = differ.filter((f) => !settled("mismatch", f.name)).map((f) => f.name);
  return {
    kind: differing.length > 0 ? "mismatch" : "pending",
    differing,
    waiting,
  };
}

function agree(field: Field, a: string, b: string): boolean {
  if (field.as === "measure") return compare(abs(subtract(a, b)), field.tolerance ?? "0") <= 0;
  if (field.as === "date") return Math.abs(daysBetween(a, b)) <= Number(field.tolerance ?? "0");
  const plain = (text: string) =>
    field.normalise === "code"
      ? text.trim().toLowerCase()
      : field.normalise === "name"
        ? text.normalize("NFKC").split(/\s+/).filter(Boolean).join(" ").toLowerCase()
        : text;
  return plain(a) === plain(b);
}

const mirror = {
  missing_left: "missing_right",
  missing_right: "missing_left",
  left: "right",
  right: "left",
} as const;

function mirrored(comparison: Comparison): Comparison {
  return { ...comparison, left: comparison.right, right: comparison.left };
}
function mirroredRules(): Rule[] {
  const turned = (k: FailingKind) => (k === "missing_left" || k === "missing_right" ? mirror[k] : k);
  return RULES.map((rule) => ({
    ...rule,
    claims: rule.claims.map((c) => ({
      ...c,
      kinds: c.kinds.map(turned),
      ...(c.repeated ? { repeated: mirror[c.repeated] } : {}),
    })),
    ...(rule.absorbedBy ? { absorbedBy: rule.absorbedBy.map((p) => ({ ...p, kind: turned(p.kind) })) } : {}),
  }));
}

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const outcomes = compiledQuery({
  name: "test.outcomes",
  sql: "SELECT key, kind, differing, waiting FROM finding WHERE comparison = {comparison:String} AND run_id = {run_id:String}",
  params: z.object({ comparison: z.string(), run_id: z.string() }),
  row: z.object({
    key: chString,
    kind: chEnum(KINDS),
    differing: z.array(chString),
    waiting: z.array(chString),
  }),
});

async function run(comparison: Comparison, rules: readonly Rule[]) {
  const statement: Statement = {
    store,
    comparison,
    catalogue: { ...AS_RELEASED, rules },
    statements: statementsOf(comparison, rules),
    runId: newId(),
    params: { as_of: NOW.slice(0, 10), reporting: "USD", runAt: NOW, settledAt: NOW },
    signal: undefined,
  };
  let counts: Record<Kind, number>;
  if (comparison.find === "streamed") {
    await scanRepeated(statement);
    await judge(statement, "found");
    counts = (await countKinds(statement, { streamed: true })).counts;
  } else {
    const counted = await countDirect(statement);
    await judge(statement, "all");
    counts = (await countKinds(statement, { direct: counted.keys })).counts;
  }
  const rows = await store.query(outcomes, { comparison: comparison.id, run_id: statement.runId });
  return {
    counts,
    rows: new Map(rows.map((r) => [r.key, { kind: r.kind, differing: r.differing, waiting: r.waiting }])),
  };
}

async function seed(comparison: Comparison, cases: readonly Case[]) {
  /** What makes a record of this role count or not. */
  const presence = (r: SideRow, role: string) => {
    if (comparison.entity === "time_entry") return { is_approved: r.present ? 1 : 0 };
    if (comparison.entity === "customer") return { is_deleted: r.present ? 0 : 1 };
    return {
      is_active: role === "psa" && !r.present ? 0 : 1,
      is_billable: 1,
      is_deleted: role === "erp" && !r.present ? 1 : 0,
    };
  };
  for (const side of ["left", "right"] as const) {
    const { role } = comparison[side];
    await put(
      store,
      role,
      comparison.entity,
      cases.flatMap((c) =>
        c[side].map((r) => ({
          key: r.key,
          native_id: r.native_id,
          changed_at: r.changed_at,
          ...presence(r, role),
          ...r.values,
        })),
      ),
    );
  }
}

describe.each([
  { id: "time", count: 2_500, seed: 11 },
  { id: "projects", count: 2_000, seed: 23 },
  { id: "customer-names-erp", count: 1_500, seed: 37 },
])("the comparison of $id", ({ id, count, seed: number }) => {
  const comparison = comparisonById(id) as Comparison;
  const cases = casesFor(comparison, randomFrom(number), count);

  it("comes out as a naive judge says, for every key, and meets every kind", async () => {
    await seed(comparison, cases);
    const { counts, rows } = await run(comparison, RULES);
    const expected = cases.flatMap((c) => {
      const o = oracle(comparison, RULES, c);
      return o ? [{ key: c.key, ...o }] : [];
    });
    const wrong = expected.filter((e) => {
      // A key the find step passed over agrees.
      const got = rows.get(e.key) ?? { kind: "match", differing: [], waiting: [] };
      return (
        JSON.stringify(got) !== JSON.stringify({ kind: e.kind, differing: e.differing, waiting: e.waiting })
      );
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    const tally = Object.fromEntries(KINDS.map((k) => [k, expected.filter((e) => e.kind === k).length]));
    expect(counts).toEqual(tally);
    for (const kind of KINDS) expect(tally[kind], kind).toBeGreaterThan(10);
    // Only the dates of a project settle later than its code.
    if (id === "projects")
      expect(expected.some((e) => e.differing.length > 0 && e.waiting.length > 0)).toBe(true);
  });

  it("mirrors when the sides are swapped", async () => {
    const straight = await run(comparison, RULES);
    const swapped = await run(mirrored(comparison), mirroredRules());
    expect(swapped.counts).toEqual({
      ...straight.counts,
      missing_left: straight.counts.missing_right,
      missing_right: straight.counts.missing_left,
    });
    for (const [key, one] of straight.rows) {
      const kind = one.kind === "missing_left" || one.kind === "missing_right" ? mirror[one.kind] : one.kind;
      expect(swapped.rows.get(key)).toEqual({ ...one, kind });
    }
  });
});

describe("settling", () => {
  it("is counted to the millisecond, the boundary included", () => {
    const time = comparisonById("time") as Comparison;
    expect(settleMs(time, RULES, "missing_right")).toBe(durationMs("4h"));
    expect(settleMs(time, RULES, "missing_left")).toBe(durationMs("1h"));
  });
});
