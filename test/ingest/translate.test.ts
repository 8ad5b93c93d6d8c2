/** What a connector's mapping gives is checked before it reaches the store. */
import { describe, expect, it } from "vitest";
import type { Mapped, Stream } from "#ingest/connector";
import { configuredHosts } from "#ingest/registry";
import { KEYLESS, translate, versionOf } from "#ingest/translate";
import { identifyFake, mapTime } from "../support/fake-vendor.ts";

const good = { id: "t1", stamp: "2026-11-20T08:00:00.000Z", day: "2026-11-19", hours: "7.5" };

function streamWith(map: Stream["map"]): Stream {
  return {
    name: "time",
    yields: "time_entry",
    map,
    deletes: "never",
    mayVanish: 0,
    fields: ["id"],
    identify: identifyFake,
    async *read() {},
  };
}

/** What comes out when the mapping gives this in one field of its only record. */
function mappedWith(field: string, value: unknown) {
  const stream = streamWith((payload) => {
    const mapped = mapTime(payload);
    if (!mapped.ok) return mapped;
    return {
      ok: true,
      records: mapped.records.map((r) => ({ ...r, data: { ...r.data, [field]: value } })),
    } as Mapped;
  });
  return translate(stream, versionOf("books", stream, good));
}

describe("a mapping's answer", () => {
  it("is refused, with the field named, when a field is of the wrong kind", () => {
    for (const [field, value] of [
      ["hours", "seven"],
      ["hours", null],
      ["hours", 7.5],
      ["work_on", "19/11/2026"],
      ["recorded_at", "yesterday"],
      ["is_billable", "yes"],
      ["status", undefined],
      ["bill_rate", "1e5"],
      ["made_up", "x"],
    ] as const)
      expect(mappedWith(field, value), field).toMatchObject({
        ok: false,
        reason: "wrong-shape",
        detail: expect.stringContaining(field),
      });
  });

  it("is refused when a number is larger than its column", () => {
    expect(mappedWith("hours", "100000")).toMatchObject({ ok: false, reason: "out-of-range" });
    expect(mappedWith("bill_rate", "123456789012345")).toMatchObject({ ok: false, reason: "out-of-range" });
    expect(mappedWith("bill_rate", "-0012345678901234.5")).toMatchObject({ ok: true });
  });

  it("is rounded half up to the places its column keeps, never cut", () => {
    const translated = mappedWith("hours", "7.33335");
    expect(translated.ok && translated.records[0]?.data).toMatchObject({ hours: "7.3334" });
  });

  it("may leave a rate open", () => {
    expect(mappedWith("bill_rate", null).ok).toBe(true);
  });

  it("is a reject when the mapping itself fails", () => {
    const stream = streamWith(() => {
      throw new Error("no such thing");
    });
    expect(translate(stream, versionOf("books", stream, good))).toEqual({
      ok: false,
      reason: "wrong-shape",
      detail: "The record could not be translated: no such thing",
    });
  });
});

describe("a record as it came", () => {
  it("without an id, or with a change time nobody can read, is kept under a hash of what it says", () => {
    const stream = streamWith(mapTime);
    for (const payload of [{ ...good, id: "" }, { ...good, stamp: "soon" }, "text", null, 7, []]) {
      const version = versionOf("books", stream, payload);
      expect(version.nativeId.startsWith(KEYLESS)).toBe(true);
      expect(versionOf("books", stream, payload)).toEqual(version);
      expect(translate(stream, version).ok).toBe(false);
    }
    const ids = [1, 2].map((hours) => versionOf("books", stream, { hours }).nativeId);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it("is another version when anything about it differs", () => {
    const stream = streamWith(mapTime);
    const ids = [good, { ...good, hours: "8" }, { ...good, stamp: "2026-11-20T08:00:01.000Z" }].map(
      (p) => versionOf("books", stream, p).rawId,
    );
    expect(new Set(ids).size).toBe(3);
  });
});

describe("the hosts a source may be called at", () => {
  it("are those its configuration names, wherever in the settings", () => {
    const hosts = configuredHosts({
      baseUrl: "https://acme.my.salesforce.com/",
      settings: {
        auth: { tokenUrl: "https://login.salesforce.com/token" },
        code: "http is not an address",
        list: ["https://a.b:8443/x"],
      },
    });
    expect(hosts).toEqual(["acme.my.salesforce.com", "login.salesforce.com", "a.b:8443"]);
  });
});
