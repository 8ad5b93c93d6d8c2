/** What is read to tell whether sources, their writers and Plumbline's own pushes can be relied on. */
import { z } from "zod";
import { chCount, chEnum, chInstant, chString, defineQuery } from "#sql/query";

export const fieldWriters = defineQuery({
  name: "integrity.writers",
  params: z.object({ since: z.string(), watched: z.array(z.string()) }),
  row: z.object({
    source_id: chString,
    entity: chString,
    field: chString,
    actor: chString,
    actor_kind: chEnum(["person", "integration", "unknown"]),
    changes: chCount,
    newest_at: chInstant,
    native_ids: z.array(chString),
  }),
});
export type FieldWriter = ReturnType<typeof fieldWriters.read>;

export const fieldTurns = defineQuery({
  name: "integrity.turns",
  params: z.object({ since: z.string(), watched: z.array(z.string()), records: z.array(z.string()) }),
  row: z.object({
    source_id: chString,
    entity: chString,
    native_id: chString,
    field: chString,
    at: z.array(chInstant),
    old_values: z.array(chString),
    new_values: z.array(chString),
    actors: z.array(chString),
  }),
});
export type FieldTurns = ReturnType<typeof fieldTurns.read>;

export const clocksAhead = defineQuery({
  name: "integrity.ahead",
  params: z.object({ sources: z.array(z.string()), skews_ms: z.array(z.number().int()) }),
  row: z.object({
    source_id: chString,
    stream: chString,
    records: chCount,
    most_ms: chCount,
    native_ids: z.array(chString),
  }),
});
export type ClockAhead = ReturnType<typeof clocksAhead.read>;

export const shapeNotices = defineQuery({
  name: "integrity.notices",
  params: z.object({ since: z.string() }),
  row: z.object({
    source_id: chString,
    stream: chString,
    field: chString,
    kind: chEnum(["missing", "retyped"]),
    detail: chString,
  }),
});
export type ShapeNotice = ReturnType<typeof shapeNotices.read>;
