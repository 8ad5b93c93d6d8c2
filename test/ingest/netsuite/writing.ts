/** What every test of NetSuite's writer starts from: the small firm, its writer, and failures of one request each. */
import type { Writer } from "#ingest/connector";
import type { HttpFaultEffect } from "#sandbox/http-faults";
import { netsuiteWorld, seed, type World } from "./account.ts";

let world: World | null = null;

/** Closes what was opened last; for afterEach. */
export async function closeWriting(): Promise<void> {
  await world?.close();
  world = null;
}

export async function openWriting(settings: Record<string, unknown> = {}) {
  await closeWriting();
  const w = await netsuiteWorld(settings);
  world = w;
  const firm = seed(w);
  const writer = w.source.writer as Writer;
  const fail = (method: string, effect: HttpFaultEffect) => w.server.faults.add({ method, times: 1, effect });
  const rows = (type: string) => [...w.account.rows(type)];
  return { w, firm, writer, fail, rows };
}
