/** A small Salesforce org over real HTTP with a connector opened on it; time stands still unless a test moves it. */
import { Config, type SourceConfig } from "#core/config";
import { type Instant, manualClock, msOf } from "#core/time";
import type { Connector, Page, Source, Stream } from "#ingest/connector";
import { openHttp } from "#ingest/http";
import { createOrg, type Org } from "#sandbox/salesforce/org";
import { type SalesforceServer, startSalesforce } from "#sandbox/salesforce/server";
import type { Row } from "#sandbox/vendor-store";

export const NOW: Instant = "2026-11-20T15:00:00.000Z";
/** A person of the firm, as the org names them. */
export const SOMEBODY = "005Hs000000000pAAA";
const client = { id: "plumbline-app", secret: "a-secret-of-the-sandbox" };

export interface World {
  org: Org;
  server: SalesforceServer;
  source: Source;
  clock: ReturnType<typeof manualClock>;
  counts(): { requests: number; retries: number };
  stream(name: string): Stream;
  put(type: string, id: string | null, fields: Row, at: Instant, visibleAt?: Instant): string;
  close(): Promise<void>;
}

export async function salesforceWorld<S>(
  connector: Connector<S>,
  settings: Record<string, unknown> = {},
  options: { pageSize?: number; tokenTtlMs?: number; readOnly?: boolean } = {},
): Promise<World> {
  const clock = manualClock(NOW);
  const { pageSize, tokenTtlMs } = options;
  const org = createOrg({
    clock,
    client,
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(tokenTtlMs === undefined ? {} : { tokenTtlMs }),
  });
  const server = await startSalesforce(org);
  const config = Config.parse({
    reporting: { currency: "USD" },
    sources: [
      {
        id: connector.vendor,
        vendor: connector.vendor,
        role: connector.roles[0],
        name: connector.label,
        baseUrl: server.url,
        legalEntities: { "US-01": "US01" },
      },
    ],
  }).sources[0] as SourceConfig;
  const http = openHttp({
    source: connector.label,
    hosts: [new URL(server.url).host],
    requestsPerMinute: 1_000_000,
    clock,
    backoffMs: 1,
  });
  const s = connector.settings.parse({ clientId: client.id, clientSecret: client.secret, ...settings });
  const source = connector.open(config, s, { http, clock });
  return {
    org,
    server,
    source,
    clock,
    counts: () => http.counts(),
    stream(name) {
      const found = source.streams.find((x) => x.name === name);
      if (!found) throw new Error(`No stream ${name}`);
      return found;
    },
    put: (type, id, fields, at, visibleAt) =>
      org.write(type, id, fields, {
        at: msOf(at),
        by: SOMEBODY,
        ...(visibleAt === undefined ? {} : { visibleAt: msOf(visibleAt) }),
      }),
    close: () => server.close(),
  };
}

/** Everything one read gives, with its pages. */
export async function readAll(stream: Stream, from: string | null = null, full = false) {
  const pages: Page[] = [];
  for await (const page of stream.read(from, { full, signal: new AbortController().signal }))
    pages.push(page);
  const records = pages.flatMap((p) => p.records);
  const ids = records.map((r) => {
    const found = stream.identify(r);
    return found.ok ? found.nativeId : `unidentified: ${found.detail}`;
  });
  return { pages, records, ids, bookmark: pages.at(-1)?.bookmark ?? null };
}

/** What the stream maps its records to; fails on a reject. */
export function mapAll(stream: Stream, records: readonly unknown[]) {
  return records.flatMap((r) => {
    const mapped = stream.map(r);
    if (!mapped.ok) throw new Error(`${mapped.reason}: ${mapped.detail}`);
    return mapped.records;
  });
}

/** The changes a change stream tells. */
export function changesOf(stream: Stream, records: readonly unknown[]) {
  return records.flatMap((r) => {
    const mapped = stream.map(r);
    if (!mapped.ok) throw new Error(`${mapped.reason}: ${mapped.detail}`);
    return mapped.changes ?? [];
  });
}

export async function idsOf(stream: Stream): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of stream.ids?.(new AbortController().signal) ?? []) ids.push(...page);
  return ids;
}
