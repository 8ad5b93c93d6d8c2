/** Which projects are closed or opened on one side only, and which clients are called by another name. */
import { DAY } from "../firm/calendar.ts";
import type { Client, Firm, Project } from "../firm/model.ts";
import { createRandom } from "../firm/random.ts";
import { pool } from "./pool.ts";

export interface NamesAndStates {
  /** Work going on that the ERP closes, finished work that it opens again. */
  states: Record<"closed" | "reopened" | "near", readonly Project[]>;
  customers: Record<"renamed" | "near", readonly Client[]>;
}

/** What the rest of the plan says about projects and clients. */
export interface Surroundings {
  /** Active billable work. */
  live: readonly Project[];
  /** Ids of projects with time to invoice. */
  unbilled: ReadonlySet<string>;
  /** The ERP knows the client. */
  isCustomer(client: Client): boolean;
  /** Ids of projects that are missing from the ERP, or changed too recently to judge. */
  gone: ReadonlySet<string>;
  /** Ids of projects with faults of their own, which a fresh change would keep from being judged. */
  taken: ReadonlySet<string>;
}

/** How many near misses need a target of their own. */
const NEAR = { states: 3, customers: 3 } as const;

/** Drawn on its own, so that what else is planted does not depend on it. Throws InvariantError when the firm is too small. */
export function planNamesAndStates(firm: Firm, perRule: number, around: Surroundings): NamesAndStates {
  const random = createRandom(firm.seed, "faults in names and states");
  const { live, unbilled, gone, taken } = around;
  const entityOf = (p: Project) => p.entity;
  const near = pool(
    random,
    live.filter((p) => !gone.has(p.id) && !taken.has(p.id)),
    entityOf,
  ).take(NEAR.states, "projects");
  const open = pool(
    random,
    live.filter((p) => unbilled.has(p.id) && !gone.has(p.id) && !near.includes(p)),
    entityOf,
  );
  const done = firm.projects.filter(
    (p) => p.isBillable && p.completedAt !== null && p.completedAt < firm.asOf - 5 * DAY,
  );
  const clients = pool(random, firm.clients.filter(around.isCustomer), (c) => c.entity);
  return {
    states: {
      near,
      // Where there is a choice, those that nothing else is wrong with.
      closed: open.take(perRule, "projects", (a, b) => Number(taken.has(a.id)) - Number(taken.has(b.id))),
      reopened: pool(random, done, entityOf).upTo(1),
    },
    customers: {
      renamed: clients.take(perRule, "clients"),
      near: clients.take(NEAR.customers, "clients"),
    },
  };
}
