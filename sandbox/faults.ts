/**
 * Plants faults in a seeded firm's two systems, and differences that only look like faults; says which are which, with the money
 * each rule must put on them. Works out the money last, over the books as they then stand.
 */

import { instantOf } from "#core/time";
import { ANSWERS } from "./answers/index.ts";
import { readBooks } from "./faults/books.ts";
import { plantCustomers, plantNearCustomers } from "./faults/customers.ts";
import { MORE_FAULTS } from "./faults/more.ts";
import { plantNearAssignments } from "./faults/near-assignments.ts";
import { plantNearProjects, plantNearStates } from "./faults/near-projects.ts";
import { plantNearRates } from "./faults/near-rates.ts";
import { plantNearTime } from "./faults/near-time.ts";
import { planFaults } from "./faults/plan.ts";
import { plantAssignments } from "./faults/plant-assignments.ts";
import { plantProjects } from "./faults/plant-projects.ts";
import { plantRates } from "./faults/plant-rates.ts";
import { plantTime } from "./faults/plant-time.ts";
import { createPlanting, type Expected, type SeededStores } from "./faults/planting.ts";
import type { Absorbed, PlantedFault, Truth } from "./faults/truth.ts";
import { dateOf } from "./firm/calendar.ts";
import type { Firm } from "./firm/model.ts";

export { planFaults } from "./faults/plan.ts";
export type { SeededStores } from "./faults/planting.ts";
export type { Absorbed, NearMiss, PlantedFault, PlantedPush, Stake, Truth } from "./faults/truth.ts";

/**
 * @param options.perRule faults per rule, and per variant of a rule (which side lacks a price, which field of a line differs)
 * @returns the answer sheet, and what must be open at another instant, by the systems' rows as they then stand: a day later a contract
 * has ended, and what was fresh has settled. With a later `settledAt`, what is wrong on that day however fresh it is
 * Throws InvariantError when the firm is too small to keep the faults apart.
 */
export function plantFaults(
  firm: Firm,
  stores: SeededStores,
  options: { perRule?: number } = {},
): { truth: Truth; answersAt: (at: number, settledAt?: number) => PlantedFault[] } {
  const plan = planFaults(firm, options.perRule ?? 3);
  const planting = createPlanting(firm, plan, stores);
  plantProjects(planting);
  plantRates(planting);
  plantAssignments(planting);
  plantTime(planting);
  plantNearProjects(planting);
  plantNearRates(planting);
  plantNearAssignments(planting);
  plantNearTime(planting);
  plantNearStates(planting);
  plantCustomers(planting);
  plantNearCustomers(planting);
  for (const plant of MORE_FAULTS) plant(planting);
  const nearly = readBooks(stores.salesforce, stores.netsuite);
  for (const plant of planting.last) plant(nearly);

  const answersAt = (at: number, settledAt = at): PlantedFault[] => {
    const now = { ...firm, asOf: settledAt, today: dateOf(at) };
    const books = readBooks(stores.salesforce, stores.netsuite);
    const planted = planting.faults.map(
      ({ money, push, ...fault }): PlantedFault => ({
        ...fault,
        money: money?.(books, now.today) ?? null,
        push: push?.(books) ?? null,
      }),
    );
    const answers = ANSWERS.flatMap((evaluate) => evaluate({ firm: now, stores, books }));
    return [...planted, ...answers.map((a) => ({ ...a, push: null, story: planting.storyOf(a) }))];
  };
  const books = readBooks(stores.salesforce, stores.netsuite);
  const planted = answersAt(firm.asOf);
  const missing = planted.filter((f) => f.rule === "PRJ-01").map((f) => f.key);
  const ofProjects = missing.flatMap((project): Absorbed[] => {
    const by = { rule: "PRJ-01", key: project };
    const lines = books.psaLines.filter((l) => l.isApproved && l.project === project);
    const bookings = [...books.psaAssignments.values()].filter((a) => a.isScheduled && a.project === project);
    return [
      ...lines.map((l) => ({ rule: "TIM-01", comparison: "time", key: l.key, by })),
      ...bookings.map((a) => ({ rule: "ASG-01", comparison: "assignments", key: a.id, by })),
    ];
  });
  const tasks = planted.filter((f) => f.rule === "TSK-01").map((f) => f.key);
  const posted = new Set(books.erpLines.filter((l) => l.isPresent).map((l) => l.key));
  const ofTasks = books.psaLines
    .filter((l) => l.isApproved && tasks.includes(l.task) && !posted.has(l.key))
    .map((l): Absorbed => {
      const by = { rule: "TSK-01", key: l.task };
      return { rule: "TIM-01", comparison: "time", key: l.key, by };
    });
  const truth = {
    seed: firm.seed,
    asOf: instantOf(firm.asOf),
    planted,
    nearMisses: planting.nearMisses,
    absorbed: [...planting.absorbed, ...ofProjects, ...ofTasks],
    overtaken: overtaken(planting.expected, planted),
  };
  return { truth, answersAt };
}

/**
 * What was planted and does not come out of its evaluator. In a firm of another size or date one planter may undo what another did:
 * such a fault is none any more, and is not asked for.
 */
function overtaken(expected: readonly Expected[], answers: readonly Expected[]): string[] {
  const name = (e: Expected) => `${e.rule} ${e.comparison} ${e.key}`;
  const given = new Set(answers.map(name));
  return expected.map(name).filter((n) => !given.has(n));
}
