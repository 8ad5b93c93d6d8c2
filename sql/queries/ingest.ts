/** What reading the sources asks the store: what is already there, and where to go on. */
import { z } from "zod";
import { chBool, chCount, chDate, chEnum, chInstant, chString, chUInt64, defineQuery } from "#sql/query";

const stream = { source_id: z.string(), stream: z.string() };
const ids = z.array(z.string());

export const rawKnown = defineQuery({
  name: "ingest.raw-known",
  params: z.object({ ...stream, sync_id: z.string(), native_ids: ids }),
  row: z.object({
    native_id: chString,
    raw_ids: z.array(chString),
    done_ids: z.array(chString),
    newest_at: chInstant,
    newest_id: chString,
    newest_is_deleted: chBool,
    newest_hash: chString,
  }),
});

export const rawVersions = defineQuery({
  name: "ingest.raw-versions",
  params: z.object({ ...stream, native_ids: ids, newest: z.number().int() }),
  row: z.object({
    native_id: chString,
    raw_id: chString,
    changed_at: chInstant,
    is_deleted: chBool,
    payload: chString,
  }),
});

export const rawAll = defineQuery({
  name: "ingest.raw-all",
  params: z.object(stream),
  row: z.object({
    native_id: chString,
    raw_id: chString,
    changed_at: chInstant,
    is_deleted: chBool,
    sync_id: chString,
    payload: chString,
  }),
});

export const rawLive = defineQuery({
  name: "ingest.raw-live",
  params: z.object({ ...stream, keyless: z.string() }),
  row: z.object({ native_id: chString, is_deleted: chBool }),
});

export const rawCount = defineQuery({
  name: "ingest.raw-count",
  params: z.object({ ...stream, keyless: z.string(), day: z.string() }),
  row: z.object({ records: chUInt64 }),
});

export const hasRaw = defineQuery({
  name: "ingest.has-raw",
  params: z.object(stream),
  row: z.object({ is_there: chBool }),
});

export const bookmarkOf = defineQuery({
  name: "ingest.bookmark",
  params: z.object(stream),
  row: z.object({ value: chString, stored_at: chInstant }),
});

export const syncHistory = defineQuery({
  name: "ingest.sync-history",
  params: z.object(stream),
  row: z.object({
    finished_at: chInstant,
    full_finished_at: chInstant,
    full_started_at: chInstant,
    is_last_finished: chBool,
  }),
});

export const openRejects = defineQuery({
  name: "ingest.open-rejects",
  params: z.object(stream),
  row: z.object({ native_id: chString, raw_id: chString, changed_at: chInstant }),
});

export const nativeKeys = defineQuery({
  name: "ingest.native-keys",
  params: z.object({ source_id: z.string(), entity: z.string(), native_ids: ids }),
  row: z.object({
    native_id: chString,
    key: chString,
    newest_version: chUInt64,
    linked_since: chInstant,
    last_seen_at: chInstant,
  }),
});

export const hasKeys = defineQuery({
  name: "ingest.has-keys",
  params: z.object({ source_id: z.string(), entity: z.string() }),
  row: z.object({ is_there: chBool }),
});

export const schemaKnown = defineQuery({
  name: "ingest.schema",
  params: z.object(stream),
  row: z.object({
    field: chString,
    kind: chEnum(["known", "new", "missing", "retyped"]),
    detail: chString,
    at: chInstant,
  }),
});

/** Looks at some thousands of records, whatever the size of the stream. */
export const fieldShare = defineQuery({
  name: "ingest.field-share",
  params: z.object({ ...stream, field: z.string(), known_since: z.string(), before: z.string() }),
  row: z.object({ records: chCount, carrying: chCount }),
});

export const probesOf = defineQuery({
  name: "ingest.probes",
  params: z.object({ ...stream, from_day: z.string() }),
  row: z.object({ day: chDate, at: chInstant, source_count: chUInt64, store_count: chUInt64 }),
});
