/** How complete and how fresh the data is: streams, completeness probes, records that could not be understood, schema notices. */
import { z } from "zod";
import { chCount, chDate, chEnum, chInstant, defineQuery } from "#sql/query";

const stream = { source_id: z.string(), stream: z.string() };

/** Sums count what happened after `since`. */
export const streamHealth = defineQuery({
  name: "sync-health.streams",
  params: z.object({ since: z.string() }),
  row: z.object({
    ...stream,
    finished_at: chInstant,
    started_at: chInstant,
    last_at: chInstant,
    last_state: chEnum(["started", "finished", "failed"]),
    last_error: z.string(),
    last_note: z.string(),
    failed_at: chInstant,
    full_at: chInstant,
    records_read: chCount,
    records_mapped: chCount,
    records_deleted: chCount,
    requests: chCount,
    retries: chCount,
    failures: chCount,
    attempts: chCount,
  }),
});
export type StreamHealthRow = ReturnType<typeof streamHealth.read>;

export const openRejects = defineQuery({
  name: "sync-health.rejects",
  params: z.object({ source_id: z.string(), stream: z.string(), limit: z.number().int().positive() }),
  row: z.object({
    ...stream,
    native_id: z.string(),
    raw_id: z.string(),
    at: chInstant,
    reason: z.string(),
    detail: z.string(),
    payload: z.string(),
    total: chCount,
  }),
});

export const rejectCounts = defineQuery({
  name: "sync-health.reject-counts",
  params: z.object({}),
  row: z.object({ ...stream, open: chCount }),
});

export const schemaNotices = defineQuery({
  name: "sync-health.notices",
  params: z.object({}),
  row: z.object({
    ...stream,
    field: z.string(),
    kind: chEnum(["known", "new", "missing", "retyped"]),
    detail: z.string(),
    at: chInstant,
  }),
});

/** Closed days from `from` on. `different_on` is 1970 when none differs. */
export const probeSummary = defineQuery({
  name: "sync-health.probes",
  params: z.object({ from: z.string() }),
  row: z.object({
    ...stream,
    days: chCount,
    days_different: chCount,
    in_source: chCount,
    in_store: chCount,
    probed_at: chInstant,
    different_on: chDate,
  }),
});
