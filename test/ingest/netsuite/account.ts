/** A small NetSuite account over real HTTP with the connector opened on it; time stands still unless a test moves it. */
import { generateKeyPairSync } from "node:crypto";
import type { SourceConfig } from "#core/config";
import { Config } from "#core/config";
import { type Instant, manualClock, msOf } from "#core/time";
import type { Page, Source, Stream } from "#ingest/connector";
import { openHttp } from "#ingest/http";
import { netsuite } from "#ingest/netsuite/index";
import type { NetSuiteSettings } from "#ingest/netsuite/settings";
import type { VendorServer } from "#sandbox/http-server";
import { type Account, createAccount } from "#sandbox/netsuite/account";
import { startNetSuite } from "#sandbox/netsuite/server";
import type { Row } from "#sandbox/vendor-store";

export const NOW: Instant = "2026-11-20T15:00:00.000Z";
const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

export interface World {
  account: Account;
  server: VendorServer;
  source: Source;
  /** What the source was opened with. */
  opened: { config: SourceConfig; settings: NetSuiteSettings };
  clock: ReturnType<typeof manualClock>;
  counts(): { requests: number; retries: number };
  stream(name: string): Stream;
  /** Writes a row at an instant, as the firm's people do. */
  put(type: string, id: string | null, fields: Row, at: Instant, visibleAt?: Instant): string;
  close(): Promise<void>;
}

export async function netsuiteWorld(
  settings: Record<string, unknown> = {},
  options: { timeZone?: string; pageSize?: number; concurrency?: number; work?: () => Promise<void> } = {},
): Promise<World> {
  const clock = manualClock(NOW);
  const timeZone = options.timeZone ?? "America/New_York";
  const account = createAccount({
    clock,
    accountId: "1234567",
    timeZone,
    clientId: "plumbline-client",
    certificate: {
      kid: "cert-1",
      publicKey: keys.publicKey.export({ type: "spki", format: "pem" }).toString(),
    },
    ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
  });
  const server = await startNetSuite(account, options.work === undefined ? {} : { work: options.work });
  const config: SourceConfig = Config.parse({
    reporting: { currency: "USD" },
    sources: [
      {
        id: "netsuite",
        vendor: "netsuite",
        role: "erp",
        name: "NetSuite",
        baseUrl: server.url,
        timeZone,
        legalEntities: { "1": "US01", "2": "GB01" },
      },
    ],
  }).sources[0] as SourceConfig;
  const http = openHttp({
    source: "NetSuite",
    hosts: [new URL(server.url).host],
    requestsPerMinute: 1_000_000,
    clock,
    backoffMs: 1,
  });
  const s = netsuite.settings.parse({
    accountId: "1234567",
    clientId: "plumbline-client",
    certificateId: "cert-1",
    privateKey: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    ...(options.pageSize === undefined ? {} : { pageSize: options.pageSize }),
    ...settings,
  });
  const source = netsuite.open(config, s, { http, clock });
  return {
    account,
    server,
    source,
    opened: { config, settings: s },
    clock,
    counts: () => http.counts(),
    stream(name) {
      const found = source.streams.find((x) => x.name === name);
      if (!found) throw new Error(`No stream ${name}`);
      return found;
    },
    put: (type, id, fields, at, visibleAt) =>
      account.write(type, id, fields, {
        at: msOf(at),
        by: "9001",
        ...(visibleAt === undefined ? {} : { visibleAt: msOf(visibleAt) }),
      }),
    close: () => server.close(),
  };
}

/** The least a firm needs: currencies, entities, a client with a price card, a person, a project with a task, open and closed periods. */
export function seed(world: World) {
  const at = "2026-09-01T09:00:00.000Z";
  const { put } = world;
  put("currency", "1", { name: "USD", symbol: "USD" }, at);
  put("currency", "2", { name: "GBP", symbol: "GBP" }, at);
  put("subsidiary", "1", { name: "Acme PS Inc.", currency: "1" }, at);
  const consultant = put("billingClass", null, { name: "Consultant" }, at);
  const card = put(
    "billingRateCard",
    null,
    {
      name: "Northwind rates",
      externalId: "001A",
      lines: [{ billingClassId: consultant, prices: { "1": "200.00", "2": "160.00" } }],
    },
    at,
  );
  const customer = put(
    "customer",
    null,
    {
      externalId: "001A",
      entityId: "C-1 Northwind",
      companyName: "Northwind",
      subsidiary: "1",
      currency: "1",
      billingRateCard: card,
      isInactive: false,
    },
    at,
  );
  const employee = put(
    "employee",
    null,
    {
      externalId: "E-1",
      entityId: "Dana Ruiz",
      firstName: "Dana",
      lastName: "Ruiz",
      subsidiary: "1",
      currency: "1",
      laborCost: "90.00",
      billingClass: consultant,
      isInactive: false,
    },
    at,
  );
  const job = put(
    "job",
    null,
    {
      externalId: "a2dProj",
      entityId: "NW-001",
      companyName: "NW rollout",
      parent: customer,
      subsidiary: "1",
      currency: "1",
      entityStatus: "2",
      startDate: "2026-09-01",
      projectedEndDate: "2027-02-26",
      isInactive: false,
    },
    at,
  );
  const task = put(
    "projectTask",
    null,
    { externalId: "a2cTask", title: "Build", project: job, status: "PROGRESS" },
    at,
  );
  put(
    "accountingPeriod",
    null,
    { periodName: "Sep 2026", startDate: "2026-09-01", endDate: "2026-09-30", closed: true },
    at,
  );
  put(
    "accountingPeriod",
    null,
    { periodName: "Nov 2026", startDate: "2026-11-01", endDate: "2026-11-30", closed: false },
    at,
  );
  const time = (
    id: string | null,
    key: string | null,
    day: string,
    hours: string,
    when: Instant,
    more: Row = {},
  ) =>
    put(
      "timeBill",
      id,
      {
        ...(key === null ? {} : { externalId: key, custcol_psa_time_id: key }),
        employee,
        customer: job,
        caseTaskEvent: task,
        item: "88",
        tranDate: day,
        hours,
        isBillable: true,
        approvalStatus: "3",
        timeType: "A",
        ...more,
      },
      when,
    );
  return { consultant, card, customer, employee, job, task, time };
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
