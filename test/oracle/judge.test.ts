import { expect, it } from "vitest";
import type { PlantedFault, Truth } from "#sandbox/faults";
import type { Store } from "#sql/store";
import { createJudge } from "./judge.ts";

const MINUTE = 60_000;
/** The moment at which one fault ends and another begins. */
const MIDNIGHT = 100 * MINUTE;

const fault = (key: string, amount: string | null = null): PlantedFault => ({
  rule: "TIM-07",
  comparison: "time-waiting",
  key,
  kind: "mismatch",
  fields: [],
  money: amount === null ? null : { amount, currency: "USD", reporting: amount, unpriced: 0 },
  push: null,
  story: "",
});
const truth: Truth = { seed: 1, asOf: "", planted: [], nearMisses: [], absorbed: [], overtaken: [] };
const answersAt = (at: number) =>
  at < MIDNIGHT ? [fault("stays", "10"), fault("ends")] : [fault("stays", "20"), fault("begins")];
/** One that somebody changes in the second hour, and puts right in the fourth. */
const changing = (at: number, settledAt = at) =>
  settledAt < 60 * MINUTE || (at < 180 * MINUTE && settledAt > at) ? [fault("changes")] : [];

type Open = { rule?: string; key: string; money?: string };
type Past = { rule?: string; type: "opened" | "reopened" | "resolved"; key: string; times?: number };

/** What is judged after a turn at a moment, of what is open then and what came before. */
async function marksAt(
  now: number,
  open: Open[],
  past: Past[],
  more: { gate?: boolean; over?: boolean } = {},
) {
  const of = { rule: "TIM-07", comparison: "time-waiting", times: 1, money: null, currency: "USD" };
  const rows: Record<string, unknown[]> = {
    "exceptions.list": open.map((o) => ({ ...of, ...o, ...(o.rule ? { comparison: "" } : {}) })),
    "oracle.happenings": past.map((p) => ({ ...of, ...p, ...(p.rule ? { comparison: "" } : {}) })),
  };
  const query = async (q: { name: string }) => rows[q.name] ?? [];
  const judge = createJudge({ query } as unknown as Store, { truth, answersAt }, () => now);
  judge.before();
  judge.after();
  if (more.gate) judge.expectGate("SYS-01", "erp|", more.over ?? false);
  return judge.marks();
}

const perfect = { recall: 1, precision: 1, moneyDifference: "0" };

it("asks for what was wrong before and after the turn, and takes what was wrong at one of the two", async () => {
  const noon = await marksAt(0, [{ key: "stays", money: "10" }, { key: "ends" }], []);
  expect(noon.score).toMatchObject({ ...perfect, planted: 2, found: 2 });
  expect((await marksAt(0, [{ key: "stays", money: "10" }], [])).score.missed).toEqual([
    "TIM-07 time-waiting ends",
  ]);

  for (const open of [
    [{ key: "stays", money: "10" }],
    [{ key: "stays", money: "20" }, { key: "ends" }, { key: "begins" }],
  ])
    expect((await marksAt(MIDNIGHT, open, [])).score).toMatchObject(perfect);
  expect((await marksAt(MIDNIGHT, [{ key: "stays", money: "15" }], [])).score.moneyDifference).toBe("5");
  expect((await marksAt(MIDNIGHT, [], [])).score.missed).toEqual(["TIM-07 time-waiting stays"]);
});

it("tells what opened without cause, opened twice, or was resolved while it was wrong", async () => {
  const opened = (key: string, times = 1): Past => ({ type: "opened", key, times });
  const resolved = (key: string): Past => ({ type: "resolved", key });
  const noon = await marksAt(0, [], [opened("begins"), opened("ends"), opened("stays", 2)]);
  expect(noon.falseOpens).toEqual(["TIM-07 time-waiting begins", "TIM-07 time-waiting stays (2 times)"]);
  expect((await marksAt(0, [], [resolved("ends")])).falseResolves).toEqual(["TIM-07 time-waiting ends"]);
  const midnight = await marksAt(MIDNIGHT, [], [opened("begins"), resolved("ends"), resolved("stays")]);
  expect(midnight.falseOpens).toEqual([]);
  expect(midnight.falseResolves).toEqual(["TIM-07 time-waiting stays"]);
});

it("asks for the gates that must have stood, and that those which are over stand no more", async () => {
  const stays = { key: "stays", money: "10" };
  const gate = { rule: "SYS-01", key: "erp|job" };
  const told: Past[] = [{ ...gate, type: "opened" }];
  const at = (open: Open[], past: Past[], over: boolean) =>
    marksAt(0, [stays, { key: "ends" }, ...open], past, { gate: true, over });
  expect((await at([], [], true)).score.missed).toEqual(["SYS-01  erp|"]);
  expect((await at([], told, true)).score).toMatchObject({ ...perfect, planted: 3, found: 3 });
  expect((await at([gate], told, true)).score.falselyOpened).toEqual(["SYS-01  erp|job"]);
  expect((await at([gate], told, false)).score).toMatchObject({ ...perfect, planted: 3 });
  expect((await at([], told, false)).score.missed).toEqual(["SYS-01  erp|"]);
});

it("asks that what is changed and stays wrong stands on, and goes when it is put right", async () => {
  const open = { rule: "TIM-07", comparison: "time-waiting", key: "changes", money: null, currency: "USD" };
  const events = [{ ...open, type: "resolved", times: 1 }];
  let [found, past, now]: [unknown[], unknown[], number] = [[open], [], 0];
  const query = async (q: { name: string }) =>
    q.name === "exceptions.list" ? found : q.name === "oracle.happenings" ? past : [];
  const judge = createJudge({ query } as unknown as Store, { truth, answersAt: changing }, () => now);
  const turn = async (at: number) => {
    now = at;
    judge.before();
    judge.after();
    const { score, falseResolves } = await judge.marks();
    return { missed: score.missed.length, open: score.falselyOpened.length, resolved: falseResolves.length };
  };
  expect(await turn(0)).toEqual({ missed: 0, open: 0, resolved: 0 });
  expect(await turn(120 * MINUTE)).toEqual({ missed: 0, open: 0, resolved: 0 });
  [found, past] = [[], events];
  expect(await turn(130 * MINUTE)).toEqual({ missed: 1, open: 0, resolved: 1 });
  expect(await turn(240 * MINUTE)).toEqual({ missed: 0, open: 0, resolved: 0 });
  [found, past] = [[open], []];
  expect(await turn(250 * MINUTE)).toEqual({ missed: 0, open: 1, resolved: 0 });
});
