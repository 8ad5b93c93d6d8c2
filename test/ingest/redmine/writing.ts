/** What every test of Redmine's writer starts from: the small instance, its writer, and failures of one request each. */
import { Config } from "#core/config";
import { manualClock } from "#core/time";
import type { Change, FieldChange, Writer } from "#ingest/connector";
import { openHttp } from "#ingest/http";
import { openInstance } from "#ingest/redmine/client";
import { settings } from "#ingest/redmine/settings";
import { instanceWriter } from "#ingest/redmine/write";
import type { HttpFaultEffect } from "#sandbox/http-faults";
import { startVendorServer, type VendorServer } from "#sandbox/http-server";
import { createFake } from "./fake-writes.ts";

let server: VendorServer | null = null;

/** Closes what was opened last; for afterEach. */
export async function closeWriting(): Promise<void> {
  await server?.close();
  server = null;
}

/** The fake, and the writer opened on it. */
export async function openWriting(more: Record<string, unknown> = {}) {
  await closeWriting();
  const fake = createFake();
  const clock = manualClock("2026-11-20T15:00:00.000Z");
  const words = {
    unauthorized: () => ({ status: 401 }),
    tooManyRequests: () => ({ status: 429 }),
    serverError: (status: number) => ({ status }),
  };
  const s = await startVendorServer({ clock, words, rowsField: "projects", handle: fake.handle });
  server = s;
  const source = Config.parse({
    reporting: { currency: "EUR" },
    sources: [{ id: "redmine", vendor: "redmine", role: "psa", name: "Redmine", baseUrl: s.url }],
  }).sources[0];
  if (source === undefined) throw new Error("No source");
  const hosts = [new URL(s.url).host];
  const http = openHttp({
    source: "Redmine",
    hosts,
    requestsPerMinute: 1_000_000,
    clock,
    backoffMs: 1,
    tries: 2,
  });
  const parsed = settings.parse({ apiKey: "key", currency: "EUR", ...more });
  const writer: Writer = instanceWriter(openInstance(source, parsed, { http, clock }), parsed);
  const fail = (method: string, effect: HttpFaultEffect, after = 0) =>
    s.faults.add({ method, after, times: 1, effect });
  return { fake, writer, fail, server: s };
}

/** An update of one record, resting on no look unless it is given one's token. */
export function update(
  entity: Change["target"]["entity"],
  nativeId: number,
  changes: FieldChange[],
  more: Partial<Change> = {},
): Change {
  const target = { entity, nativeId: String(nativeId), key: String(nativeId) };
  return { target, action: "update", changes, refs: {}, token: null, idempotencyKey: "push-1", ...more };
}
