/** What happened to the records behind an exception, and what people call them. */
import { z } from "zod";
import { chEnum, chInstant, defineQuery } from "#sql/query";

export const recordChanges = defineQuery({
  name: "timeline.changes",
  params: z.object({
    entity: z.string(),
    left_source: z.string(),
    left_ids: z.array(z.string()),
    right_source: z.string(),
    right_ids: z.array(z.string()),
    limit: z.number().int().positive(),
  }),
  row: z.object({
    role: z.string(),
    source_id: z.string(),
    native_id: z.string(),
    field: z.string(),
    old_value: z.string(),
    new_value: z.string(),
    actor: z.string(),
    actor_kind: chEnum(["person", "integration", "unknown"]),
    changed_at: chInstant,
  }),
});

/** Empty text where nobody holds such a record. */
export const subjectNames = defineQuery({
  name: "timeline.names",
  params: z.object({ customer: z.string(), project: z.string() }),
  row: z.object({ customer_name: z.string(), project_name: z.string(), project_code: z.string() }),
});

/** Keys nobody has a name for are left out. */
export const keyNames = defineQuery({
  name: "timeline.key-names",
  params: z.object({ keys: z.array(z.string()) }),
  row: z.object({ key: z.string(), name: z.string() }),
});
