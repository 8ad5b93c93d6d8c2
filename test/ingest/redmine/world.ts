/** A small firm in the fake Redmine, with the connector opened on it; time stands still unless a test moves it. */
import { Config, type SourceConfig } from "#core/config";
import { type Instant, manualClock, msOf } from "#core/time";
import type { Mapped, Page, Source, Stream } from "#ingest/connector";
import { type Http, openHttp } from "#ingest/http";
import type { OpenSource } from "#ingest/open-source";
import { redmine } from "#ingest/redmine/index";
import type { RedmineSettings } from "#ingest/redmine/settings";
import { type FakeRedmine, type Row, startFakeRedmine } from "./fake-redmine.ts";

export const NOW: Instant = "2026-11-20T15:00:00.000Z";

export interface World {
  fake: FakeRedmine;
  clock: ReturnType<typeof manualClock>;
  source: Source;
  opened: OpenSource;
  http: Http;
  stream(name: string): Stream;
  /** The same server, opened with other settings. */
  reopen(settings: Partial<Record<keyof RedmineSettings, unknown>>): Source;
  close(): Promise<void>;
}

export async function openWorld(
  settings: Partial<Record<keyof RedmineSettings, unknown>> = {},
  options: { hasFeed?: boolean; schedule?: string } = {},
): Promise<World> {
  const clock = manualClock(NOW);
  const fake = await startFakeRedmine(clock);
  fake.hasFeed = options.hasFeed ?? false;
  const config = Config.parse({
    reporting: { currency: "EUR" },
    sources: [
      {
        id: "redmine",
        vendor: "redmine",
        role: "psa",
        name: "Redmine",
        baseUrl: fake.server.url,
        ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
      },
    ],
  }).sources[0] as SourceConfig;
  const http = openHttp({
    source: "Redmine",
    hosts: [new URL(fake.server.url).host],
    requestsPerMinute: 1_000_000,
    clock,
    backoffMs: 1,
  });
  const open = (more: Partial<Record<keyof RedmineSettings, unknown>>) =>
    redmine.open(
      config,
      redmine.settings.parse({
        apiKey: fake.key,
        currency: "EUR",
        legalEntity: "DE01",
        ...settings,
        ...more,
      }),
      { http, clock },
    );
  const source = open({});
  return {
    fake,
    clock,
    source,
    opened: { config, label: "Redmine", source, http },
    http,
    stream(name) {
      const found = source.streams.find((s) => s.name === name);
      if (!found) throw new Error(`No stream ${name}`);
      return found;
    },
    reopen: open,
    close: () => fake.close(),
  };
}

const OLD = msOf("2026-10-01T09:00:00.000Z");

/** Two clients, an engagement for each and one below another, two people, and what they work on. */
export function seed({ fake }: World) {
  const custom = (...pairs: [number, string, unknown][]) =>
    pairs.map(([id, name, value]) => ({ id, name, value }));
  const at = { at: OLD };
  const user = (id: number, login: string, name: string, number: string | null, role = "Consultant") =>
    fake.put(
      "users",
      {
        id,
        login,
        firstname: name.split(" ")[0],
        lastname: name.split(" ")[1],
        mail: `${login}@example.test`,
        status: 1,
        custom_fields: custom([3, "Employee no", number], [9, "Role", role]),
      },
      at,
    );
  const project = (id: number, identifier: string, name: string, parent: number | null, ref: string | null) =>
    fake.put(
      "projects",
      {
        id,
        identifier,
        name,
        status: 1,
        ...(parent === null ? {} : { parent: { id: parent, name: "above" } }),
        custom_fields: custom([1, "Client ref", ref], [2, "Contract value", "90000"]),
      },
      at,
    );
  const issue = (id: number, tracker: number, projectId: number, more: Row = {}, when: number = OLD) =>
    fake.put(
      "issues",
      {
        id,
        tracker: fake.trackers.find((t) => t.id === tracker),
        project: { id: projectId, name: "a project" },
        status: { id: 1, name: "New", is_closed: false },
        author: { id: 1, name: "Redmine Admin" },
        subject: `Issue ${id}`,
        spent_hours: 3.5,
        ...more,
      },
      { at: when },
    );
  const time = (id: number, day: string, hours: number, more: Row = {}, when: number = OLD + id * 1000) =>
    fake.put(
      "times",
      {
        id,
        project: { id: 11, name: "Rollout" },
        issue: { id: 21 },
        user: { id: 5, name: "Ada Lovelace" },
        activity: { id: 9, name: "Development" },
        hours,
        comments: "Workshop",
        spent_on: day,
        custom_fields: custom([4, "Approval", "approved"], [5, "ERP ref", null]),
        ...more,
      },
      { at: when },
    );
  user(1, "integration", "Redmine Admin", null);
  user(5, "ada", "Ada Lovelace", "E001", "Senior Consultant");
  user(6, "grace", "Grace Hopper", "E002");
  project(10, "northwind", "Northwind", null, "C-1001");
  project(11, "nw-rollout", "NW rollout", 10, null);
  project(12, "nw-rollout-b", "NW rollout, phase B", 11, null);
  project(13, "fabrikam", "Fabrikam", null, "C-1002");
  project(14, "internal", "Internal", null, null);
  issue(21, 4, 11, { subject: "Discovery" });
  issue(22, 4, 12, { subject: "Build", status: { id: 5, name: "Closed", is_closed: true } });
  issue(23, 1, 11, { subject: "A bug" });
  const allocation = (id: number, projectId: number, who: number, pct: string, more: Row = {}) =>
    issue(id, 5, projectId, {
      assigned_to: { id: who, name: "somebody" },
      start_date: "2026-10-05",
      due_date: "2026-12-18",
      custom_fields: custom([6, "Allocation %", pct], [7, "Hourly rate", "165.00"]),
      ...more,
    });
  allocation(31, 11, 5, "50");
  allocation(32, 11, 6, "80", { parent: { id: 21 } });
  const rate = (id: number, role: string, price: string, more: Row = {}) =>
    issue(id, 6, 11, {
      subject: role,
      start_date: "2026-10-01",
      custom_fields: custom([7, "Hourly rate", price], [8, "Currency", "EUR"]),
      ...more,
    });
  rate(41, "Senior Consultant", "165.00");
  rate(42, "Consultant", "140.50");
  for (let n = 1; n <= 9; n++) time(n, `2026-11-0${n}`, 7.5);
  return { custom, user, project, issue, allocation, rate, time };
}

/** Everything one read gives, with its pages. */
export async function readAll(stream: Stream, from: string | null = null, full = false) {
  const pages: Page[] = [];
  for await (const page of stream.read(from, { full, signal: new AbortController().signal }))
    pages.push(page);
  const records = pages.flatMap((p) => p.records) as Row[];
  const found = records.map((r) => stream.identify(r));
  const ids = found.map((f) => (f.ok ? f.nativeId : f.detail));
  const changedAt = new Map(found.flatMap((f) => (f.ok ? [[f.nativeId, f.changedAt] as const] : [])));
  const bookmark = pages.findLast((p) => p.bookmark !== null)?.bookmark ?? null;
  return { pages, records, ids, changedAt, bookmark, last: pages.at(-1) };
}

/** What a stream makes of records; fails on a reject. */
export function mapAll(stream: Stream, records: readonly unknown[]) {
  return records.flatMap((r) => understood(stream.map(r)).records);
}

export function changesOf(stream: Stream, records: readonly unknown[]) {
  return records.flatMap((r) => understood(stream.map(r)).changes ?? []);
}

function understood(mapped: Mapped) {
  if (!mapped.ok) throw new Error(`${mapped.reason}: ${mapped.detail}`);
  return mapped;
}
