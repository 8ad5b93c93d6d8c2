/** All three connectors over a whole firm without faults: everything is read and understood, and both systems tell one story. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Config, type SourceConfig } from "#core/config";
import { equal } from "#core/decimal";
import type { Entity } from "#core/entities";
import { addDays, instantOf, manualClock } from "#core/time";
import { certinia } from "#ingest/certinia/index";
import type { Connector, MappedChange, MappedOf, MappedRecord, Source } from "#ingest/connector";
import { openHttp } from "#ingest/http";
import { netsuite } from "#ingest/netsuite/index";
import { salesforce } from "#ingest/salesforce/index";
import { type Sandbox, startSandbox } from "#sandbox/start";
import { idsOf, readAll } from "../salesforce/org.ts";

const NOW = "2026-11-20T15:00:00.000Z";
const clock = manualClock(NOW);
let sandbox: Sandbox;

interface Read {
  source: Source;
  records: Map<string, MappedRecord>;
  changes: MappedChange[];
  rejects: string[];
}
const all = new Map<string, Read>();

function open<S>(connector: Connector<S>, baseUrl: string, more: object, settings: object): Source {
  const role = connector.roles[0];
  const config = Config.parse({
    reporting: { currency: "USD" },
    sources: [{ id: connector.vendor, vendor: connector.vendor, role, baseUrl, ...more }],
  }).sources[0] as SourceConfig;
  const host = new URL(baseUrl).host;
  const http = openHttp({
    source: connector.label,
    hosts: [host],
    requestsPerMinute: 1_000_000,
    clock,
    backoffMs: 1,
  });
  return connector.open(config, connector.settings.parse(settings), { http, clock });
}

async function readSource(source: Source): Promise<Read> {
  const read: Read = { source, records: new Map(), changes: [], rejects: [] };
  for (const stream of source.streams)
    for (const payload of (await readAll(stream)).records) {
      const mapped = stream.map(payload);
      if (!mapped.ok) read.rejects.push(`${stream.name}: ${mapped.reason}: ${mapped.detail}`);
      else {
        for (const r of mapped.records) read.records.set(`${r.entity} ${r.nativeId}`, r);
        read.changes.push(...(mapped.changes ?? []));
      }
    }
  return read;
}

const of = <E extends Entity>(vendor: string, entity: E): MappedOf<E>[] =>
  [...(all.get(vendor)?.records.values() ?? [])].filter(
    (r) => r.entity === entity && r.deleted !== true,
  ) as never;

beforeAll(async () => {
  sandbox = await startSandbox({ projects: 20, months: 3, perRule: 0, clock });
  const { credentials: c } = sandbox;
  const { kid, privateKeyPem, ...ids } = c.netsuite;
  const erp = { timeZone: "America/New_York", legalEntities: { "1": "US01", "2": "GB01", "3": "DE01" } };
  all.set("salesforce", await readSource(open(salesforce, sandbox.salesforceUrl, {}, c.salesforce)));
  all.set("certinia", await readSource(open(certinia, sandbox.salesforceUrl, {}, c.salesforce)));
  all.set(
    "netsuite",
    await readSource(
      open(netsuite, sandbox.netsuiteUrl, erp, { ...ids, certificateId: kid, privateKey: privateKeyPem }),
    ),
  );
});
afterAll(() => sandbox?.close());

describe("a whole firm", () => {
  it("is understood to the last record", () => {
    for (const [vendor, read] of all) expect(read.rejects, vendor).toEqual([]);
    for (const entity of ["customer", "opportunity", "contract", "rate_line"] as const)
      expect(of("salesforce", entity).length, entity).toBeGreaterThan(0);
    for (const entity of [
      "project",
      "task",
      "resource",
      "assignment",
      "rate_card",
      "rate_line",
      "time_entry",
      "expense",
    ] as const)
      expect(of("certinia", entity).length, entity).toBeGreaterThan(0);
    for (const entity of [
      "customer",
      "project",
      "task",
      "resource",
      "assignment",
      "rate_card",
      "rate_line",
      "time_entry",
      "invoice",
      "invoice_line",
      "expense",
    ] as const)
      expect(of("netsuite", entity).length, entity).toBeGreaterThan(0);
    for (const [vendor, read] of all) expect(read.changes.length, vendor).toBeGreaterThan(10);
  });

  it("tells the same approved time in both systems, line by line", () => {
    const psa = of("certinia", "time_entry").filter((t) => t.data.is_approved);
    const erp = new Map(of("netsuite", "time_entry").map((t) => [t.key, t]));
    expect(psa.length).toBeGreaterThan(100);
    const wrong = psa.filter((t) => {
      const there = erp.get(t.key);
      return !there || !equal(there.data.hours, t.data.hours) || there.data.work_on !== t.data.work_on;
    });
    expect(wrong.map((t) => t.key)).toEqual([]);
    expect(erp.size).toBe(psa.length);
  });

  it("tells the same bookings and projects in both systems", () => {
    const erpProjects = new Map(of("netsuite", "project").map((p) => [p.key, p.data]));
    const projects = of("certinia", "project").filter((p) => p.data.is_active && p.data.is_billable);
    expect(projects.length).toBeGreaterThan(3);
    for (const { key, data } of projects)
      expect(erpProjects.get(key)).toMatchObject({
        code: data.code,
        start_on: data.start_on,
        end_on: data.end_on,
        currency: data.currency,
        legal_entity: data.legal_entity,
      });
    const erpAssignments = new Map(of("netsuite", "assignment").map((a) => [a.key, a.data]));
    const assignments = of("certinia", "assignment").filter((a) => a.data.is_active);
    expect(assignments.length).toBeGreaterThan(3);
    for (const { key, data } of assignments) {
      const there = erpAssignments.get(key);
      expect(there).toMatchObject({ start_on: data.start_on, end_on: data.end_on });
      expect(equal(there?.allocation_pct ?? "0", data.allocation_pct)).toBe(true);
    }
  });

  it("charges in the ERP what was signed in the CRM", () => {
    const today = NOW.slice(0, 10);
    const cards = new Map(of("netsuite", "customer").map((c) => [c.key, c.data.rate_card_ref]));
    const prices = new Map(
      of("netsuite", "rate_line").map((l) => [
        `${l.data.card_ref}|${l.data.role_name}|${l.data.currency}`,
        l.data.rate,
      ]),
    );
    const signed = of("salesforce", "rate_line").filter(
      ({ data }) =>
        data.is_signed &&
        data.effective_from <= today &&
        (data.effective_to === "1970-01-01" || data.effective_to >= today),
    );
    expect(signed.length).toBeGreaterThan(3);
    for (const { data } of signed) {
      const price = prices.get(`${cards.get(data.customer_ref)}|${data.role_name}|${data.currency}`);
      expect(price !== undefined && equal(price, data.rate)).toBe(true);
    }
  });

  it("counts and sweeps to the same records that were read", async () => {
    for (const [vendor, { source }] of all)
      for (const stream of source.streams) {
        const { records } = await readAll(stream);
        const known = records.map((r) => stream.identify(r));
        const ids = new Set(known.flatMap((k) => (k.ok && !k.deleted ? [k.nativeId] : [])));
        if (stream.ids) expect(new Set(await idsOf(stream)), `${vendor} ${stream.name}`).toEqual(ids);
        if (!stream.countOn) continue;
        for (let back = 1; back <= 3; back++) {
          const day = addDays(NOW.slice(0, 10), -back);
          const changed = known.filter((k) => k.ok && !k.deleted && k.changedAt.slice(0, 10) === day);
          expect(await stream.countOn(day), `${vendor} ${stream.name} ${day}`).toBe(BigInt(changed.length));
        }
      }
    expect(instantOf(clock.now())).toBe(NOW);
  });
});
