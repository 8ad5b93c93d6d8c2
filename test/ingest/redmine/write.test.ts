import { afterEach, describe, expect, it } from "vitest";
import { closeWriting, openWriting, update } from "./writing.ts";

afterEach(closeWriting);

/** One change of every kind Redmine takes, and how to see whether it was made. */
const CASES = [
  {
    change: update("time_entry", 20, [{ field: "hours", from: "7.5", to: "6" }]),
    made: (fake: Fake) => fake.time(20).hours === 6,
  },
  {
    change: update("assignment", 12, [{ field: "end_on", from: "2026-12-18", to: "2027-01-29" }]),
    made: (fake: Fake) => fake.issue(12).due_date === "2027-01-29",
  },
  {
    change: update("rate_line", 13, [{ field: "rate", from: "165", to: "170" }]),
    made: (fake: Fake) => fake.issue(13).custom_fields[0]?.value === "170",
  },
  {
    change: update("project", 2, [{ field: "is_active", from: "1", to: "0" }]),
    made: (fake: Fake) => fake.project(2).status === 5,
  },
] as const;
type Fake = Awaited<ReturnType<typeof openWriting>>["fake"];

describe("what Redmine's writer can do", () => {
  it("is what it says, and nothing else", async () => {
    const { writer } = await openWriting();
    expect(writer.can).toEqual({
      time_entry: ["update"],
      assignment: ["update"],
      rate_line: ["update"],
      project: ["update"],
    });
    for (const change of [
      update("task", 10, []),
      { ...update("time_entry", 20, []), action: "create" as const },
      { ...update("time_entry", 20, []), action: "delete" as const },
    ])
      expect(await writer.write(change)).toMatchObject({
        outcome: "rejected",
        code: "plumbline.unsupported",
      });
    await expect(writer.read(update("task", 10, []).target, [], {})).rejects.toMatchObject({
      recovery: "ask-a-person",
    });
  });

  it("is less where the firm keeps no allocations or rates in Redmine", async () => {
    const { writer } = await openWriting({ allocationTracker: null, rateTracker: null });
    expect(writer.can).toEqual({ time_entry: ["update"], project: ["update"] });
  });
});

describe.each(CASES)("a write to Redmine that goes wrong: $change.target.entity", ({ change, made }) => {
  it("is unknown when the answer is lost or Redmine fails over it, whether or not it was made", async () => {
    for (const [effect, written] of [
      [{ kind: "cut-after-commit" }, true],
      [{ kind: "cut" }, false],
      [{ kind: "server-error", status: 500 }, false],
    ] as const) {
      const { fake, writer, fail, server } = await openWriting();
      fail("PUT", effect);
      expect(await writer.write(change)).toMatchObject({ outcome: "unknown" });
      expect(made(fake)).toBe(written);
      expect(server.faults.list()[0]?.struck).toBe(1);
    }
  });

  it("is unknown when it was made and could not be read back", async () => {
    const { fake, writer, server } = await openWriting();
    fake.meanwhile = () => server.faults.add({ method: "GET", effect: { kind: "outage" } });
    expect(await writer.write(change)).toMatchObject({
      outcome: "unknown",
      message: expect.stringContaining("took the change and then could not be read"),
    });
    expect(made(fake)).toBe(true);
  });

  it("is refused, and not unknown, when the look before it failed", async () => {
    const { fake, writer, server } = await openWriting();
    server.faults.add({ method: "GET", effect: { kind: "server-error", status: 503 } });
    expect(await writer.write(change)).toMatchObject({
      outcome: "rejected",
      code: "http.unavailable",
      message: expect.stringContaining("Nothing was written"),
    });
    expect(fake.puts).toEqual([]);
  });

  it("asks to be tried again when it was turned away at the door", async () => {
    const { fake, writer, fail } = await openWriting();
    fail("PUT", { kind: "too-many-requests" });
    await expect(writer.write(change)).rejects.toMatchObject({ code: "push.turned-away", recovery: "retry" });
    expect(made(fake)).toBe(false);
  });

  it("says that the key is refused, whether the look or the write finds out", async () => {
    const { writer, fail } = await openWriting();
    fail("PUT", { kind: "unauthorized" });
    expect(await writer.write(change)).toMatchObject({ outcome: "rejected", code: "redmine.401" });
    const wrong = await openWriting({ apiKey: "another" });
    expect(await wrong.writer.write(change)).toMatchObject({ outcome: "rejected", code: "redmine.bad-key" });
    expect(wrong.fake.puts).toEqual([]);
  });
});
