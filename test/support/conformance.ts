/** What every connector must hold to, checked on an open source with data behind it: `describeConnector("NetSuite", () => …)`. */
import { describe, expect, it } from "vitest";
import { ENTITIES, ENTITY_SCHEMAS, type Entity } from "#core/entities";
import { msOf } from "#core/time";
import { type Bookmark, entitiesOf, type Page, type Stream } from "#ingest/connector";
import type { OpenSource } from "#ingest/open-source";
import { canSweep } from "#ingest/sweep";
import { translate, type Version, versionOf } from "#ingest/translate";

export interface ConformanceOptions {
  /** Streams that the data behind the source leaves empty; every other one must have records. */
  mayBeEmpty?: readonly string[];
  /** Streams whose full read is the same every time and that know no change times, so that their bookmarks are not looked at. */
  snapshots?: readonly string[];
  /** Days to compare the source's own count on; taken from the data when left out. */
  days?: readonly string[];
  /** Bookmarks tried per stream, spread over the read. */
  bookmarks?: number;
}

interface Reading {
  pages: Page[];
  versions: Version[];
}

/** `open` gives the source; it is called once, in the first test. The data must not change meanwhile. */
export function describeConnector(
  name: string,
  open: () => OpenSource | Promise<OpenSource>,
  options: ConformanceOptions = {},
): void {
  let opened: Promise<OpenSource> | undefined;
  const source = () => {
    opened ??= Promise.resolve(open());
    return opened;
  };
  const readings = new Map<string, Promise<Reading>>();
  const readAll = async (stream: Stream): Promise<Reading> => {
    const known = readings.get(stream.name) ?? read((await source()).config.id, stream, null, true);
    readings.set(stream.name, known);
    return known;
  };
  const streams = async () => (await source()).source.streams;

  describe(`the ${name} connector`, () => {
    it("has streams with different names, each for something Plumbline knows", async () => {
      const all = await streams();
      expect(all.length).toBeGreaterThan(0);
      expect(new Set(all.map((s) => s.name)).size).toBe(all.length);
      for (const s of all) {
        expect([...ENTITIES, "change"], s.name).toContain(s.yields);
        const entities = entitiesOf(s);
        for (const entity of entities) expect(ENTITIES, s.name).toContain(entity);
        expect(new Set(entities).size, `${s.name} names each entity once`).toBe(entities.length);
        expect(s.mayVanish, s.name).toBeGreaterThanOrEqual(0);
        expect(s.mayVanish, s.name).toBeLessThanOrEqual(1);
        expect(s.fields.length, s.name).toBeGreaterThan(0);
      }
    });

    it("names what the system does not hold by the fields of what it reads", async () => {
      const { source: opened } = await source();
      const entities = new Set(opened.streams.flatMap(entitiesOf));
      for (const [entity, fields] of Object.entries(opened.lacks ?? {})) {
        expect([...entities], "lacks").toContain(entity);
        for (const field of fields)
          expect(Object.keys(ENTITY_SCHEMAS[entity as Entity].shape), `lacks ${entity}`).toContain(field);
      }
    });

    it("connects, and finds what its configuration names", async () => {
      const results = await (await source()).source.check();
      expect(results.length).toBeGreaterThan(0);
      expect(results.filter((r) => !r.ok)).toEqual([]);
    });

    it("reads every stream to its end, and says how far it is complete", async () => {
      for (const stream of await streams()) {
        const { pages, versions } = await readAll(stream);
        if (!options.mayBeEmpty?.includes(stream.name))
          expect(versions.length, `${stream.name} has records`).toBeGreaterThan(0);
        expect(pages.length, `${stream.name} gives at least one page`).toBeGreaterThan(0);
        if (stream.yields !== "change")
          expect(
            pages.some((p) => p.completeUntil !== null),
            `${stream.name} says how far it is complete`,
          ).toBe(true);
      }
    });

    it("lets deletions be found where a sweep is to find them: by ids, or by a full read that lists everything", async () => {
      for (const stream of await streams()) {
        const { pages } = await readAll(stream);
        const said = pages.flatMap((p, n) => (p.everything ? [n] : []));
        const byReading = canSweep(stream) && stream.ids === undefined;
        expect(
          said,
          `${stream.name} says on its last page, and only there, that it listed everything`,
        ).toEqual(byReading ? [pages.length - 1] : []);
      }
    });

    it("gives every record an id and a change time, and no id twice in one full read", async () => {
      for (const stream of await streams()) {
        const { versions, pages } = await readAll(stream);
        const unidentified = pages.flatMap((p) => p.records).filter((r) => !stream.identify(r).ok);
        expect(unidentified, stream.name).toEqual([]);
        const ids = versions.map((v) => v.nativeId);
        expect(new Set(ids).size, `${stream.name} has each record once`).toBe(ids.length);
      }
    });

    it("keeps to the order it promises: nothing older than a page was complete to comes after it", async () => {
      for (const stream of await streams()) {
        const { pages } = await readAll(stream);
        let complete = Number.NEGATIVE_INFINITY;
        for (const page of pages) {
          for (const record of page.records) {
            const found = stream.identify(record);
            if (found.ok) expect(msOf(found.changedAt), stream.name).toBeGreaterThanOrEqual(complete);
          }
          if (page.completeUntil !== null) complete = Math.max(complete, msOf(page.completeUntil));
        }
      }
    });

    it("loses nothing when reading goes on from any bookmark", async () => {
      for (const stream of await streams()) {
        if (options.snapshots?.includes(stream.name)) continue;
        const { pages } = await readAll(stream);
        const sourceId = (await source()).config.id;
        const marked = pages.flatMap((p, n) => (p.bookmark === null ? [] : [{ n, bookmark: p.bookmark }]));
        for (const { n, bookmark } of spread(marked, options.bookmarks ?? 4)) {
          const after = pages
            .slice(n + 1)
            .flatMap((p) => p.records.map((r) => versionOf(sourceId, stream, r).rawId));
          const resumed = await read(sourceId, stream, bookmark, false);
          const got = new Set(resumed.versions.map((v) => v.rawId));
          expect(
            after.filter((id) => !got.has(id)),
            `${stream.name} resumed after page ${n + 1}`,
          ).toEqual([]);
          if (!resumed.pages.some((p) => p.everything)) continue;
          const listed = new Set(liveIds(resumed));
          expect(
            liveIds(await readAll(stream)).filter((id) => !listed.has(id)),
            `${stream.name} resumed after page ${n + 1} says that it listed everything`,
          ).toEqual([]);
        }
      }
    });

    it("ends where it began when nothing has changed: a bookmark from the end leads to an end", async () => {
      for (const stream of await streams()) {
        const { pages, versions } = await readAll(stream);
        const last = pages.findLast((p) => p.bookmark !== null)?.bookmark;
        if (!last) continue;
        const again = await read((await source()).config.id, stream, last, false);
        const known = new Set(versions.map((v) => v.nativeId));
        expect(
          again.versions.filter((v) => !known.has(v.nativeId)),
          stream.name,
        ).toEqual([]);
      }
    });

    it("translates every record, or says why not, into what its stream promises", async () => {
      for (const stream of await streams()) {
        const { versions } = await readAll(stream);
        for (const version of versions.filter((v) => !v.deleted)) {
          const translation = translate(stream, version);
          if (!translation.ok) {
            expect(translation.detail, `${stream.name} ${version.nativeId}`).not.toBe("");
            expect(translation.reason, `${stream.name} ${version.nativeId}: ${translation.detail}`).not.toBe(
              "wrong-shape",
            );
            continue;
          }
          for (const { entity, nativeId, data } of translation.records) {
            expect(nativeId).not.toBe("");
            expect(entitiesOf(stream), `${stream.name} says what it maps to`).toContain(entity);
            expect(
              ENTITY_SCHEMAS[entity].safeParse(data).error,
              `${stream.name} ${nativeId}`,
            ).toBeUndefined();
          }
          const told = (translation.changes ?? []).map((c) =>
            JSON.stringify([c.entity, c.nativeId, c.changedAt, c.changeId]),
          );
          expect(new Set(told).size, `${stream.name} gives each change an id of its own`).toBe(told.length);
          for (const change of translation.changes ?? [])
            expect(
              change.field in ENTITY_SCHEMAS[change.entity].shape || change.field.startsWith("raw:"),
              `${stream.name} calls a field ${change.field}`,
            ).toBe(true);
        }
      }
    });

    it("has a mapping that answers anything at all with a reason, and depends on nothing but its input", async () => {
      const oddities: unknown[] = [null, undefined, 7, "text", [], {}, { id: null }, { Id: {} }, [[]], true];
      for (const stream of await streams()) {
        for (const oddity of oddities) {
          expect(() => stream.map(oddity), stream.name).not.toThrow();
          expect(() => stream.identify(oddity), stream.name).not.toThrow();
          expect(stream.identify(oddity).ok, `${stream.name} identifies ${JSON.stringify(oddity)}`).toBe(
            false,
          );
        }
        const { versions } = await readAll(stream);
        const [first] = versions;
        if (!first) continue;
        const before = JSON.stringify(first.payload);
        expect(stream.map(first.payload)).toEqual(stream.map(JSON.parse(before)));
        expect(JSON.stringify(first.payload), `${stream.name} leaves its input alone`).toBe(before);
      }
    });

    it("survives a record with any one of its fields missing or of another kind", async () => {
      for (const stream of await streams()) {
        const { versions } = await readAll(stream);
        const [first] = versions;
        if (!first) continue;
        const payload = first.payload as Record<string, unknown>;
        for (const field of Object.keys(payload))
          for (const value of [undefined, null, "", "abc", -1, 1e30, true, {}, []])
            expect(() => stream.map({ ...payload, [field]: value }), `${stream.name}.${field}`).not.toThrow();
      }
    });

    it("lists the same ids as it reads", async () => {
      for (const stream of await streams()) {
        if (!stream.ids) continue;
        const listed: string[] = [];
        for await (const ids of stream.ids(new AbortController().signal)) listed.push(...ids);
        const { versions } = await readAll(stream);
        expect(listed.toSorted(), stream.name).toEqual(liveIds({ versions }).toSorted());
      }
    });

    it("counts as many records for a day as it reads", async () => {
      let counted = 0;
      for (const stream of await streams()) {
        if (!stream.countOn) continue;
        const { versions } = await readAll(stream);
        const perDay = new Map<string, number>();
        for (const v of versions)
          if (!v.deleted)
            perDay.set(v.changedAt.slice(0, 10), (perDay.get(v.changedAt.slice(0, 10)) ?? 0) + 1);
        for (const day of options.days ?? spread([...perDay.keys()].sort(), 4)) {
          expect(await stream.countOn(day), `${stream.name} on ${day}`).toBe(BigInt(perDay.get(day) ?? 0));
          counted++;
        }
      }
      expect(counted).toBeGreaterThan(0);
    });

    it("stops reading when it is told to", async () => {
      const [stream] = await streams();
      if (!stream) throw new Error("no streams");
      const stop = new AbortController();
      stop.abort(new Error("stopped"));
      const reading = async () => {
        for await (const page of stream.read(null, { full: true, signal: stop.signal }))
          expect(page).toBeDefined();
      };
      await expect(reading()).rejects.toThrow();
    });
  });
}

const liveIds = ({ versions }: Pick<Reading, "versions">) =>
  versions.filter((v) => !v.deleted).map((v) => v.nativeId);

/** More pages than any conformance data has. */
const MOST_PAGES = 20_000;

async function read(
  sourceId: string,
  stream: Stream,
  from: Bookmark | null,
  full: boolean,
): Promise<Reading> {
  const reading: Reading = { pages: [], versions: [] };
  for await (const page of stream.read(from, { full, signal: new AbortController().signal })) {
    reading.pages.push(page);
    for (const record of page.records) reading.versions.push(versionOf(sourceId, stream, record));
    if (reading.pages.length > MOST_PAGES) throw new Error(`${stream.name} does not come to an end`);
  }
  return reading;
}

/** A few of many, the first and the last among them. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  const step = (items.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, n) => items[Math.round(n * step)] as T);
}
