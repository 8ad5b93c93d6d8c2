/**
 * What must be open and what may be. Both are worked out anew by the generator from its own rows, at a moment before and one after
 * each turn of reading and reconciling: at midnight a contract ends, and within the hour something has settled. What is wrong and
 * settled at both moments must be open after the turn, and what is at neither must not have opened in it. What stood open and was
 * changed since, but not put right, must still stand.
 */
import { z } from "zod";
import { type FoundException, type Score, score, Truth } from "#app/cli/demo/score";
import { equal } from "#core/decimal";
import type { PlantedFault } from "#sandbox/faults";
import type { Sandbox } from "#sandbox/start";
import { explained } from "#sql/queries/cases";
import { EXCEPTION_EVENT_TYPES, listExceptions, QUEUE_START, STANDING } from "#sql/queries/exceptions";
import { chCount, chEnum, chString, compiledQuery } from "#sql/query";
import type { Store } from "#sql/store";

/** How far apart a moment of ours and one of the vendors' may be, with what a reader stays behind. */
const ABOUT_MS = 8 * 60_000;
/** Longer than anything takes to settle. */
const SETTLED_MS = 25 * 3_600_000;

export interface Judge {
  /** Call just before a turn of reading and reconciling, or several, during which the vendors' rows stay as they are. */
  before(): void;
  /** Call after it. */
  after(): void;
  /** A gate that must stand open by the last turn, or must have stood open: "rule", and how its key begins. */
  expectGate(rule: string, keyStart: string, isOver: boolean): void;
  /** What the exceptions come to after the last turn. */
  marks(): Promise<Marks>;
}

export interface Marks {
  score: Score;
  /** Opened at any time although nothing was wrong, or opened again without having been resolved. */
  falseOpens: string[];
  /** Resolved at any time although the fault was there all along. */
  falseResolves: string[];
}

const name = (e: { rule: string; comparison: string; key: string }) => `${e.rule} ${e.comparison} ${e.key}`;

/** What is wrong at a moment, by name: what must be open, and what would be if nothing of it had been changed of late. */
interface Look {
  settled: ReadonlyMap<string, PlantedFault>;
  wrong: ReadonlyMap<string, PlantedFault>;
}

const NOTHING: Look = { settled: new Map(), wrong: new Map() };

interface Gate {
  rule: string;
  keyStart: string;
  isOver: boolean;
}

const GATE = { comparison: "", kind: "mismatch", fields: [], money: null, push: null, story: "" } as const;

const happenings = compiledQuery({
  name: "oracle.happenings",
  sql: `SELECT e.type AS type, s.rule AS rule, s.comparison AS comparison, s.key AS key, count() AS times
        FROM exception_event AS e
        INNER JOIN exception AS s ON s.id = e.exception_id
        WHERE e.type IN ('opened', 'reopened', 'resolved')
        GROUP BY type, rule, comparison, key`,
  params: z.object({}),
  row: z.object({
    type: chEnum(EXCEPTION_EVENT_TYPES),
    rule: chString,
    comparison: chString,
    key: chString,
    times: chCount,
  }),
});

export function createJudge(
  store: Store,
  sandbox: Pick<Sandbox, "answersAt" | "truth">,
  now: () => number,
): Judge {
  let [before, after] = [NOTHING, NOTHING];
  let stood: ReadonlySet<string> = new Set();
  let always: ReadonlySet<string> | null = null;
  const ever = new Set<string>();
  const gates: Gate[] = [];
  const look = (at: number): Look => {
    const named = (faults: readonly PlantedFault[]) => new Map(faults.map((f) => [name(f), f]));
    const settled = named(sandbox.answersAt(at));
    const wrong = named(sandbox.answersAt(at, at + SETTLED_MS));
    for (const n of settled.keys()) ever.add(n);
    always = new Set([...(always ?? settled.keys())].filter((n) => settled.has(n) || wrong.has(n)));
    return { settled, wrong };
  };
  const mustStand = (n: string) =>
    (before.settled.has(n) && after.settled.has(n)) ||
    (stood.has(n) && before.wrong.has(n) && after.wrong.has(n));
  const mayStand = (n: string) =>
    before.settled.has(n) ||
    after.settled.has(n) ||
    (ever.has(n) && (before.wrong.has(n) || after.wrong.has(n)));
  return {
    before() {
      before = look(now() - ABOUT_MS);
    },
    after() {
      after = look(now() + ABOUT_MS);
      stood = new Set([...ever].filter(mustStand));
    },
    expectGate: (rule, keyStart, isOver) => void gates.push({ rule, keyStart, isOver }),
    async marks() {
      const standing = await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 1_000_000 });
      const found: FoundException[] = [...standing];
      const past = await store.query(happenings, {});
      const business = past.filter((e) => !e.rule.startsWith("SYS-"));
      const open = new Map(found.map((f) => [name(f), f]));
      const planted = [...ever].flatMap((n): PlantedFault[] => {
        const f = open.get(n);
        if (f === undefined ? !stood.has(n) : !mayStand(n)) return [];
        const told = [after.settled, before.settled, after.wrong, before.wrong].flatMap(
          (l) => l.get(n) ?? [],
        );
        // At midnight the amount may be that of either day.
        const right = told.find((t) => equal(t.money?.amount ?? "0", f?.money ?? "0"));
        return right ? [right] : told.slice(0, 1);
      });
      for (const { rule, keyStart, isOver } of gates) {
        const isMine = (e: { rule: string; key: string }) => e.rule === rule && e.key.startsWith(keyStart);
        const told = past.filter((e) => e.type === "opened" && isMine(e));
        // What is over and stands all the same is open without cause; what never stood was missed.
        const met = told.filter((e) => found.some((f) => name(f) === name(e)) !== isOver);
        if (told.length === 0 || (met.length === 0 && !isOver))
          planted.push({ ...GATE, rule, key: keyStart });
        planted.push(...met.map((e) => ({ ...GATE, ...e })));
        if (isOver) found.push(...met.map((e) => ({ ...e, money: null, currency: "" })));
      }
      return {
        score: score(Truth.parse({ ...sandbox.truth, planted }), found, [], await store.query(explained, {})),
        falseOpens: [
          ...business.filter((e) => e.type !== "resolved" && !ever.has(name(e))).map(name),
          ...business
            .filter((e) => e.type === "opened" && e.times > 1)
            .map((e) => `${name(e)} (${e.times} times)`),
        ],
        falseResolves: business.filter((e) => e.type === "resolved" && always?.has(name(e))).map(name),
      };
    },
  };
}
