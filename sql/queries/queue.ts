/** The exception queue: a page of it, its totals over the whole filter, its export, and what can be chosen. */
import { z } from "zod";
import { chCount, chDecimal, chInstant, chInt, chUInt64, defineQuery } from "#sql/query";

const filter = {
  statuses: z.array(z.string()),
  rules: z.array(z.string()),
  severities: z.array(z.number().int()),
  blocking: z.string(),
  client: z.string(),
  project: z.string(),
  entity: z.string(),
  owner: z.string(),
  /** Least money in the reporting currency; empty for any. */
  min: z.string(),
  /** Waivers that end by then; 1970 for any. */
  ends_before: z.string(),
  text: z.string(),
};
export type QueueFilter = z.infer<z.ZodObject<typeof filter>>;

const row = z.object({
  id: z.string(),
  rule: z.string(),
  comparison: z.string(),
  key: z.string(),
  status: z.string(),
  kind: z.string(),
  severity: chInt,
  blocking: z.string(),
  money: chDecimal.nullable(),
  currency: z.string(),
  money_reporting: chDecimal.nullable(),
  project_key: z.string(),
  project_name: z.string(),
  project_code: z.string(),
  customer_key: z.string(),
  customer_name: z.string(),
  legal_entity: z.string(),
  evidence: z.string(),
  opened_at: chInstant,
  last_seen_at: chInstant,
  assignee: z.string(),
  snoozed_until: chInstant,
  waived_until: chInstant,
  times_reopened: chUInt64,
  place: chInt,
  weight: chDecimal,
});
export type QueueRow = z.infer<typeof row>;

/** Starts after (place, weight, id); place 0 is the beginning. */
export const queueList = defineQuery({
  name: "queue.list",
  params: z.object({
    ...filter,
    after_place: z.number().int(),
    after_weight: z.string(),
    after_id: z.string(),
    limit: z.number().int().positive(),
  }),
  row,
});

export const queueExport = defineQuery({ name: "queue.export", params: z.object(filter), row });

/** `claimed` may count an item under several exceptions; `held_value` counts each blocked item once. */
export const queueTotals = defineQuery({
  name: "queue.totals",
  params: z.object(filter),
  row: z.object({
    total: chCount,
    critical: chCount,
    claimed: chDecimal,
    unpriced: chCount,
    held_value: chDecimal,
    held_items: chCount,
  }),
});

export const queueTiles = defineQuery({
  name: "queue.tiles",
  params: z.object({ me: z.string(), ends_before: z.string() }),
  row: z.object({
    blocked: chCount,
    unassigned: chCount,
    mine: chCount,
    snoozed: chCount,
    waived: chCount,
    waivers_ending: chCount,
  }),
});

export const queueFacets = defineQuery({
  name: "queue.facets",
  params: z.object({ statuses: z.array(z.string()) }),
  row: z.object({ facet: z.string(), value: z.string(), label: z.string(), count: chCount }),
});
