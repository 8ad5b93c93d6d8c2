/** What a simulated run of a rule would say: counted, grouped, and laid beside what stands open and what opened before. */
import { z } from "zod";
import { chCount, chDecimal, chInstant, chString, defineQuery } from "#sql/query";

const ofRun = z.object({ run_id: z.string(), rule: z.string() });

export const simulatedVerdicts = defineQuery({
  name: "simulation.verdicts",
  params: ofRun,
  row: z.object({
    failures: chCount,
    /** Explained by a failing parent: they would not open on their own. */
    explained: chCount,
    claimed: chDecimal,
    unpriced: chCount,
    would_open: chCount,
    would_close: chCount,
  }),
});

export const simulatedItems = defineQuery({
  name: "simulation.items",
  params: ofRun,
  row: z.object({ items: chCount, once: chDecimal }),
});

export const simulatedGroups = defineQuery({
  name: "simulation.groups",
  params: ofRun.extend({ limit: z.number().int().positive() }),
  row: z.object({ dimension: chString, value: chString, failures: chCount, money: chDecimal }),
});

export const simulatedOverlap = defineQuery({
  name: "simulation.overlap",
  params: ofRun,
  row: z.object({ rule: chString, items: chCount, money: chDecimal }),
});

export const openedSince = defineQuery({
  name: "simulation.history",
  params: z.object({ rule: z.string(), since: z.string(), limit: z.number().int().positive() }),
  row: z.object({
    id: chString,
    opened_at: chInstant,
    kind: chString,
    money_reporting: chDecimal.nullable(),
    evidence: chString,
    resolved_at: chInstant,
  }),
});
export type Opening = ReturnType<typeof openedSince.read>;
