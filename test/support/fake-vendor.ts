/** A small make-believe system over real HTTP, and its connector: projects, time on them, and price lists with lines. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SourceConfig } from "#core/config";
import { NO_DATE } from "#core/entities";
import { type Clock, type Instant, instantOf, msOf } from "#core/time";
import type { Page, Stream } from "#ingest/connector";
import { type Http, openHttp } from "#ingest/http";
import type { OpenSource } from "#ingest/open-source";
import { dayHours, isObject, mapping } from "#ingest/payload";

export interface VendorRecord {
  id?: string;
  stamp?: Instant;
  gone?: boolean;
  [field: string]: unknown;
}

export interface FakeVendor {
  url: string;
  /** Put a record's newest state into a collection, under its id. */
  put(collection: string, record: VendorRecord): void;
  /** Take it away without a trace. */
  remove(collection: string, id: string): void;
  /** Answer the next requests that match in another way. */
  answer(next: (req: IncomingMessage, res: ServerResponse) => boolean): void;
  /** How many requests came to paths that begin so. */
  requests(prefix: string): number;
  close(): Promise<void>;
}

export async function startFakeVendor(clock: Clock): Promise<FakeVendor> {
  const collections = new Map<string, VendorRecord[]>();
  const answers: ((req: IncomingMessage, res: ServerResponse) => boolean)[] = [];
  const paths: string[] = [];
  const server = createServer((req, res) => {
    paths.push(req.url ?? "");
    const special = answers[0];
    if (special?.(req, res)) {
      answers.shift();
      return;
    }
    const url = new URL(req.url ?? "/", "http://vendor");
    const [, what = "", name = ""] = url.pathname.split("/");
    const records = collections.get(name) ?? [];
    res.setHeader("content-type", "application/json");
    if (what === "ids") {
      res.end(JSON.stringify(records.flatMap((r) => (r.id === undefined || r.gone ? [] : [r.id]))));
      return;
    }
    if (what === "count") {
      const day = url.searchParams.get("day") ?? "";
      res.end(JSON.stringify({ count: records.filter((r) => !r.gone && r.stamp?.startsWith(day)).length }));
      return;
    }
    const after = url.searchParams.get("after") ?? "";
    const limit = Number(url.searchParams.get("limit") ?? "2");
    const order = (r: VendorRecord) => `${r.stamp ?? ""} ${r.id ?? ""}`;
    const rest = records.filter((r) => order(r) > after).sort((a, b) => (order(a) < order(b) ? -1 : 1));
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    res.end(
      JSON.stringify({
        items,
        next: rest.length > limit && last ? order(last) : null,
        last: last ? order(last) : after,
        total: records.length,
        now: instantOf(clock.now()),
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    put(collection, record) {
      const others = (collections.get(collection) ?? []).filter(
        (r) => r.id === undefined || r.id !== record.id,
      );
      collections.set(collection, [...others, record]);
    },
    remove(collection, id) {
      collections.set(
        collection,
        (collections.get(collection) ?? []).filter((r) => r.id !== id),
      );
    },
    answer: (next) => answers.push(next),
    requests: (prefix) => paths.filter((p) => p.startsWith(prefix)).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const OVERLAP_MS = 600_000;

/** The streams of the fake vendor, in dependency order. */
export function fakeStreams(http: Http, baseUrl: string): Stream[] {
  const call = async (path: string, signal?: AbortSignal) => {
    const response = await http.request({
      method: "GET",
      url: baseUrl + path,
      retry: "read",
      purpose: "read",
      ...(signal ? { signal } : {}),
    });
    return response.json();
  };
  const readPages = (collection: string) =>
    async function* (
      from: string | null,
      { full, signal }: { full: boolean; signal: AbortSignal },
    ): AsyncIterable<Page> {
      const [stamp = ""] = from === null || full ? [] : from.split(" ");
      // Read again what changed shortly before, in case it was committed late.
      let after: string | null = stamp === "" ? "" : instantOf(msOf(stamp) - OVERLAP_MS);
      while (after !== null) {
        const page = (await call(
          `/records/${collection}?limit=2&after=${encodeURIComponent(after)}`,
          signal,
        )) as {
          items: VendorRecord[];
          next: string | null;
          last: string;
          total: number;
          now: Instant;
        };
        const bookmark = /^\d{4}-/.test(page.last) ? page.last : null;
        yield {
          records: page.items,
          bookmark,
          total: page.total,
          completeUntil: page.next === null ? page.now : null,
        };
        after = page.next;
      }
    };
  const common = (collection: string) => ({
    name: collection,
    deletes: "both" as const,
    mayVanish: 0.5,
    identify: identifyFake,
    read: readPages(collection),
    async *ids(signal: AbortSignal) {
      yield (await call(`/ids/${collection}`, signal)) as string[];
    },
    async countOn(day: string) {
      return BigInt(((await call(`/count/${collection}?day=${day}`)) as { count: number }).count);
    },
  });
  return [
    { ...common("projects"), yields: "project", fields: ["id", "stamp", "agreed", "code"], map: mapProject },
    {
      ...common("cards"),
      yields: "rate_card",
      also: ["rate_line"],
      fields: ["id", "stamp", "lines"],
      map: mapCard,
    },
    { ...common("time"), yields: "time_entry", fields: ["id", "stamp", "project", "hours"], map: mapTime },
  ];
}

/** The same stream of a vendor that cannot tell what changed: each read lists everything, and there is no list of ids. */
export function listing({ ids: _, ...stream }: Stream): Stream {
  return {
    ...stream,
    deletes: "sweep",
    async *read(_from, options) {
      let before: Page | null = null;
      for await (const page of stream.read(null, { ...options, full: true })) {
        if (before) yield { ...before, bookmark: null };
        before = page;
      }
      if (before) yield { ...before, everything: true };
    },
  };
}

export function identifyFake(payload: unknown) {
  if (!isObject(payload)) return { ok: false as const, detail: "Not a record." };
  const { id, stamp, gone } = payload as VendorRecord;
  if (!id) return { ok: false as const, detail: "The record has no id." };
  return { ok: true as const, nativeId: id, changedAt: stamp ?? "", deleted: gone === true };
}

export const mapProject = mapping((f) => [
  {
    entity: "project",
    nativeId: f.required("id"),
    key: f.text("agreed") || null,
    data: {
      code: f.text("code"),
      name: f.text("name"),
      customer_ref: "",
      opportunity_ref: "",
      manager: "",
      status: f.text("status"),
      is_active: f.flag("active"),
      is_billable: true,
      billing_type: "T&M",
      start_on: f.date("start"),
      end_on: f.date("end"),
      currency: "USD",
      legal_entity: "US01",
    },
  },
]);

export const mapTime = mapping((f) => [
  {
    entity: "time_entry",
    nativeId: f.required("id"),
    key: f.text("agreed") || null,
    data: {
      project_ref: f.text("project"),
      task_ref: "",
      resource_ref: "",
      assignment_ref: "",
      work_on: f.date("day"),
      hours: dayHours(f, "hours"),
      is_billable: true,
      status: f.text("status"),
      is_approved: f.text("status") === "Approved",
      is_invoiced: false,
      bill_rate: f.decimal("rate"),
      currency: "USD",
      note: f.text("note"),
      recorded_at: f.instant("stamp"),
    },
  },
]);

export const mapCard = mapping((f) => {
  const lines = f.raw("lines");
  const id = f.required("id");
  return [
    {
      entity: "rate_card",
      nativeId: id,
      key: null,
      data: { name: f.text("name"), customer_ref: "", is_active: true },
    },
    ...(Array.isArray(lines) ? (lines as [string, string][]) : []).map(([role, rate]) => ({
      entity: "rate_line" as const,
      nativeId: `${id}:${role}`,
      key: null,
      data: {
        card_ref: id,
        customer_ref: "",
        project_ref: "",
        role_name: role,
        currency: "USD",
        rate,
        effective_from: NO_DATE,
        effective_to: NO_DATE,
        is_signed: true,
      },
    })),
  ];
});

/** The vendor as a configured source in the ERP's role. `streams` replaces its own. */
export function fakeSource(
  vendor: { url: string },
  clock: Clock,
  options: { id?: string; streams?: readonly Stream[] } = {},
): OpenSource {
  const config: SourceConfig = {
    id: options.id ?? "books",
    vendor: "fake",
    role: "erp",
    baseUrl: vendor.url,
    schedule: "*/1 * * * *",
    maxAge: "30m",
    timeZone: "UTC",
    legalEntities: {},
    requestsPerMinute: 600_000,
    knownWriters: [],
    clockSkew: "5m",
    readOnly: false,
    settings: {},
  };
  const http = openHttp({
    source: "Books",
    hosts: [new URL(vendor.url).host],
    requestsPerMinute: config.requestsPerMinute,
    clock,
    tries: 3,
    backoffMs: 1,
  });
  const streams = options.streams ?? fakeStreams(http, vendor.url);
  const check = async () => [{ what: "Connection", ok: true, message: "It answers." }];
  return { config, label: "Books", http, source: { streams, check, writer: null, recordUrl: () => null } };
}
