import { afterEach, describe, expect, it } from "vitest";
import { closeWriting, openWriting, update } from "./writing.ts";

afterEach(closeWriting);

const TARGET = { entity: "assignment", nativeId: "12", key: "10|E-1" } as const;
const FIELDS = ["start_on", "end_on", "allocation_pct", "bill_rate"];
const end = { field: "end_on", from: "2026-12-18", to: "2027-01-29" };
const share = { field: "allocation_pct", from: "50.00", to: "80.00" };

describe("correcting an allocation in Redmine", () => {
  it("moves dates, share and rate together, and keeps the scale it was given", async () => {
    const { fake, writer } = await openWriting();
    const before = await writer.read(TARGET, FIELDS, {});
    expect(before).toEqual({
      exists: true,
      nativeId: "12",
      values: { start_on: "2026-10-05", end_on: "2026-12-18", allocation_pct: "50", bill_rate: "165" },
      token: JSON.stringify({ updated_on: "2026-11-01T09:00:00Z" }),
      locked: null,
    });
    const rate = { field: "bill_rate", from: "165", to: "170.5000" };
    expect(
      await writer.write(update("assignment", 12, [end, share, rate], { token: before.token })),
    ).toMatchObject({ outcome: "applied", nativeId: "12" });
    expect(fake.puts).toEqual([
      {
        path: "/issues/12.json",
        body: {
          issue: {
            due_date: "2027-01-29",
            custom_fields: [
              { id: 6, value: "80.00" },
              { id: 7, value: "170.5000" },
            ],
          },
        },
      },
    ]);
    expect((await writer.read(TARGET, FIELDS, {})).values).toMatchObject({
      end_on: "2027-01-29",
      allocation_pct: "80",
      bill_rate: "170.5",
    });
  });

  it("takes an end away and sets one where none was, however the store writes no date", async () => {
    const { fake, writer } = await openWriting();
    expect(await writer.write(update("assignment", 12, [{ ...end, to: "1970-01-01" }]))).toMatchObject({
      outcome: "applied",
    });
    expect(fake.issue(12).due_date).toBeNull();
    expect((await writer.read(TARGET, ["end_on"], {})).values).toEqual({ end_on: null });
    expect(await writer.write(update("assignment", 12, [{ ...end, from: "1970-01-01" }]))).toMatchObject({
      outcome: "applied",
    });
    expect(fake.issue(12).due_date).toBe("2027-01-29");
  });

  it("is the price of a rate line too, with its own dates", async () => {
    const { fake, writer } = await openWriting();
    const target = { entity: "rate_line", nativeId: "13", key: "C-1|Senior|EUR" } as const;
    expect((await writer.read(target, ["rate", "effective_from", "effective_to"], {})).values).toEqual({
      rate: "165",
      effective_from: "2026-10-05",
      effective_to: "2026-12-18",
    });
    const rate = { field: "rate", from: "165.0000", to: "172.25" };
    expect(await writer.write(update("rate_line", 13, [rate]))).toMatchObject({ outcome: "applied" });
    expect(fake.issue(13).custom_fields).toMatchObject([{ value: "172.25" }, { value: "EUR" }]);
  });

  it("takes an issue of another tracker for no allocation", async () => {
    const { fake, writer } = await openWriting();
    expect(await writer.read({ ...TARGET, nativeId: "10" }, FIELDS, {})).toMatchObject({ exists: false });
    expect(await writer.write(update("assignment", 10, [end]))).toMatchObject({ code: "plumbline.gone" });
    const other = await openWriting({ allocationTracker: "Rate card line" });
    expect(await other.writer.read({ ...TARGET, nativeId: "13" }, ["bill_rate"], {})).toMatchObject({
      exists: true,
    });
    expect(fake.puts).toEqual([]);
  });

  it("refuses a field the issue does not have, which Redmine would drop without a word", async () => {
    const { fake, writer } = await openWriting();
    fake.issue(12).custom_fields.shift();
    expect(
      await writer.write(update("assignment", 12, [{ field: "allocation_pct", from: null, to: "80" }])),
    ).toMatchObject({
      outcome: "rejected",
      code: "plumbline.no-field",
      message: expect.stringContaining('no field "Allocation %"'),
    });
    for (const [code, change] of [
      ["plumbline.bad-value", { field: "end_on", from: "2026-12-18", to: "2027-02-30" }],
      ["plumbline.bad-value", { field: "bill_rate", from: "165", to: "1e3" }],
      ["plumbline.unsupported", { field: "role_name", from: null, to: "Senior" }],
    ] as const)
      expect(await writer.write(update("assignment", 12, [change]))).toMatchObject({ code });
    expect(fake.puts).toEqual([]);
  });

  it("says what a workflow or the sub-issues kept from changing, and what changed all the same", async () => {
    const { fake, writer } = await openWriting();
    fake.readOnly.add("due_date");
    expect(await writer.write(update("assignment", 12, [end, share]))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.not-kept",
      message: expect.stringMatching(
        /^Redmine accepted the change but did not make it: end_on is still 2026-12-18\. The rest of the change was made: allocation_pct is 80\.00\. A workflow/,
      ),
    });
  });

  it("passes Redmine's own words on, and finds some for a closed project", async () => {
    const { fake, writer } = await openWriting();
    expect(await writer.write(update("assignment", 12, [{ ...end, to: "2026-01-01" }]))).toEqual({
      outcome: "rejected",
      code: "redmine.422",
      message: "Due date must be greater than start date",
    });
    fake.meanwhile = () => {
      fake.project(2).status = 5;
    };
    expect(await writer.write(update("assignment", 12, [end]))).toMatchObject({
      code: "redmine.403",
      message: expect.stringContaining("NW rollout is closed"),
    });
    expect((await writer.read(TARGET, FIELDS, {})).locked).toMatch(/closed/);
  });
});

describe("two people at one allocation in Redmine", () => {
  it("lets Redmine itself refuse the one who is late, where the lock version is shown", async () => {
    const { fake, writer } = await openWriting();
    fake.showsLock = true;
    const { token } = await writer.read(TARGET, ["end_on"], {});
    expect(JSON.parse(token ?? "")).toEqual({ updated_on: "2026-11-01T09:00:00Z", lock_version: 4 });
    const racers = ["2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"].map((to) =>
      writer.write(update("assignment", 12, [{ ...end, to }], { token })),
    );
    const outcomes = (await Promise.all(racers)).map((o) => o.outcome);
    expect(outcomes.filter((o) => o === "applied")).toHaveLength(1);
    expect(outcomes.filter((o) => o === "conflict")).toHaveLength(3);
    expect(fake.issue(12).journals).toHaveLength(1);
  });

  it("answers a stale save with what the issue holds now", async () => {
    const { fake, writer } = await openWriting();
    fake.showsLock = true;
    fake.meanwhile = () => Object.assign(fake.issue(12), { lock_version: 5, due_date: "2026-12-31" });
    expect(await writer.write(update("assignment", 12, [end]))).toMatchObject({
      outcome: "conflict",
      actual: { end_on: "2026-12-31" },
      message: expect.stringContaining("Nothing was written"),
    });
  });

  it("sees by the time of the last change that somebody touched anything, before it writes", async () => {
    const { fake, writer } = await openWriting();
    const { token } = await writer.read(TARGET, ["end_on"], {});
    fake.issue(12).updated_on = "2026-11-20T14:00:00Z";
    expect(await writer.write(update("assignment", 12, [end], { token }))).toMatchObject({
      outcome: "conflict",
      actual: { end_on: "2026-12-18" },
    });
    expect(fake.puts).toEqual([]);
  });

  it("says when it wrote over somebody, which without a lock version it can only learn afterwards", async () => {
    const { fake, writer } = await openWriting();
    fake.meanwhile = () => {
      fake.issue(12).due_date = "2026-12-24";
      (fake.issue(12).custom_fields[0] as { value: string }).value = "60";
    };
    expect(await writer.write(update("assignment", 12, [end, share]))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.overwrote",
      message: expect.stringContaining(
        "end_on was 2026-12-24, not 2026-12-18; allocation_pct was 60, not 50.00",
      ),
    });
  });

  it.each([false, true])(
    "is not misled by earlier changes in the journal; newest first: %s",
    async (first) => {
      const { fake, writer } = await openWriting();
      fake.newestJournalFirst = first;
      fake.issue(12).due_date = "2026-12-24";
      for (const [from, to] of [
        ["2026-12-24", "2027-01-29"],
        ["2027-01-29", "2026-12-18"],
        ["2026-12-18", "2027-01-29"],
      ] as const)
        expect(await writer.write(update("assignment", 12, [{ field: "end_on", from, to }]))).toMatchObject({
          outcome: "applied",
        });
      expect(fake.issue(12).journals).toHaveLength(3);
    },
  );
});
