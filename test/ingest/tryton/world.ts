/** The connector opened on the fake Tryton; time stands still unless a test moves it. */
import { Config, type SourceConfig } from "#core/config";
import type { Role } from "#core/roles";
import { type Instant, manualClock } from "#core/time";
import type { Page, Source, Stream } from "#ingest/connector";
import { type Http, openHttp } from "#ingest/http";
import type { OpenSource } from "#ingest/open-source";
import { tryton } from "#ingest/tryton/index";
import { DATABASE, type FakeTryton, PASSWORD, startFakeTryton } from "./fake-tryton.ts";

/** A little after everything the fake holds was written. */
export const NOW: Instant = "2026-11-21T15:00:00.000Z";

export interface World {
  fake: FakeTryton;
  source: Source;
  http: Http;
  opened: OpenSource;
  clock: ReturnType<typeof manualClock>;
  stream(name: string): Stream;
  close(): Promise<void>;
}

export async function trytonWorld(
  role: Role = "erp",
  settings: Record<string, unknown> = {},
  fake?: FakeTryton,
): Promise<World> {
  const clock = manualClock(NOW);
  const server = fake ?? (await startFakeTryton(clock));
  const config = Config.parse({
    reporting: { currency: "EUR" },
    sources: [
      {
        id: `tryton-${role}`,
        vendor: "tryton",
        role,
        name: "Tryton",
        baseUrl: server.server.url,
        legalEntities: { "1": "DE01" },
      },
    ],
  }).sources[0] as SourceConfig;
  const http = openHttp({
    source: "Tryton",
    hosts: [new URL(server.server.url).host],
    requestsPerMinute: 1_000_000,
    clock,
    backoffMs: 1,
  });
  const s = tryton.settings.parse({
    database: DATABASE,
    username: "integration",
    password: PASSWORD,
    costPrices: true,
    ...settings,
  });
  const source = tryton.open(config, s, { http, clock });
  return {
    fake: server,
    source,
    http,
    opened: { config, label: "Tryton", source, http },
    clock,
    stream(name) {
      const found = source.streams.find((x) => x.name === name);
      if (!found) throw new Error(`No stream ${name}`);
      return found;
    },
    close: () => server.server.close(),
  };
}

/** Everything one read gives, with its pages. */
export async function readAll(stream: Stream, from: string | null = null, full = false) {
  const pages: Page[] = [];
  for await (const page of stream.read(from, { full, signal: new AbortController().signal }))
    pages.push(page);
  const records = pages.flatMap((p) => p.records) as Record<string, unknown>[];
  const ids = records.map((r) => {
    const found = stream.identify(r);
    return found.ok ? found.nativeId : `unidentified: ${found.detail}`;
  });
  return { pages, records, ids, bookmark: pages.findLast((p) => p.bookmark !== null)?.bookmark ?? null };
}

/** What the stream maps its records to; fails on a reject. */
export function mapAll(stream: Stream, records: readonly unknown[]) {
  return records.flatMap((r) => {
    const mapped = stream.map(r);
    if (!mapped.ok) throw new Error(`${mapped.reason}: ${mapped.detail}`);
    return mapped.records;
  });
}

/** The changes a change log's records tell of. */
export function changesIn(stream: Stream, records: readonly unknown[]) {
  return records.flatMap((r) => {
    const mapped = stream.map(r);
    if (!mapped.ok) throw new Error(`${mapped.reason}: ${mapped.detail}`);
    return mapped.changes ?? [];
  });
}
