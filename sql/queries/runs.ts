/** Runs of comparisons: what was compared, as of when, and how the keys came out. */
import { z } from "zod";
import { chCount, chEnum, chInstant, chString, defineQuery } from "#sql/query";

const row = z.object({
  run_id: chString,
  comparison: chString,
  mode: chEnum(["full", "incremental"]),
  started_at: chInstant,
  finished_at: chInstant,
  status: chEnum(["clean", "exceptions", "inconclusive", "failed", "not_applicable"]),
  /** Why it is inconclusive, failed, was not made or need not be (`unchanged`); empty otherwise. `detail` says it to a person. */
  why: chString,
  detail: chString,
  sql_hash: chString,
  /** 1970 when not known. */
  left_as_of: chInstant,
  right_as_of: chInstant,
  left_rows: chCount,
  right_rows: chCount,
  keys: chCount,
  matched: chCount,
  pending: chCount,
  unlinked: chCount,
  duplicate_key: chCount,
  missing_left: chCount,
  missing_right: chCount,
  mismatch: chCount,
  missed_by_incremental: chCount,
});

export const listRuns = defineQuery({
  name: "runs.list",
  params: z.object({ comparison: z.string(), before: z.string(), limit: z.number().int().positive() }),
  row,
});
export const latestRuns = defineQuery({ name: "runs.latest", params: z.object({}), row });
export const oneRun = defineQuery({ name: "runs.one", params: z.object({ run_id: z.string() }), row });
/** The run whose outcome stood at a moment, for one that found nothing changed. */
export const standingRun = defineQuery({
  name: "runs.standing",
  params: z.object({ comparison: z.string(), at: z.string() }),
  row: z.object({ run_id: chString }),
});
export type RunRow = ReturnType<typeof listRuns.read>;
