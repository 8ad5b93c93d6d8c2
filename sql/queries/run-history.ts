/** The keys of one run that did not agree. */
import { z } from "zod";
import { chEnum, chInstant, chInt, defineQuery } from "#sql/query";

const KIND = chEnum([
  "match",
  "pending",
  "unlinked",
  "duplicate_key",
  "missing_left",
  "missing_right",
  "mismatch",
]);

export const runFindings = defineQuery({
  name: "run-history.findings",
  params: z.object({
    comparison: z.string(),
    run_id: z.string(),
    kind: z.string(),
    limit: z.number().int().positive(),
  }),
  row: z.object({
    key: z.string(),
    kind: KIND,
    differing: z.array(z.string()),
    waiting: z.array(z.string()),
    l_rows: chInt,
    r_rows: chInt,
    l_values: z.record(z.string(), z.string()),
    r_values: z.record(z.string(), z.string()),
    last_change_at: chInstant,
  }),
});
