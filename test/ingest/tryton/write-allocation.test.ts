import { afterEach, describe, expect, it } from "vitest";
import { dateForm } from "#ingest/tryton/values";
import { closeWriting, openWriting, update } from "./write-world.ts";

afterEach(closeWriting);

const FIELDS = ["start_on", "end_on", "allocation_pct"];

async function openAllocation() {
  const all = await openWriting();
  const { firm, fake } = all;
  const id = firm.allocation(firm.build, firm.ada);
  const target = { entity: "assignment", nativeId: String(id), key: "17|17" } as const;
  const now = () => ({
    percentage: fake.row("project.allocation", id).percentage,
    from: fake.row("project.work", firm.build).constraint_start_date,
    to: fake.row("project.work", firm.build).constraint_finish_date,
  });
  return { ...all, id: String(id), target, now };
}

describe("correcting an allocation in Tryton", () => {
  it("sets its share and the dates of its work in one call", async () => {
    const { writer, target, id, now, fake } = await openAllocation();
    const snapshot = await writer.read(target, FIELDS, {});
    expect(snapshot).toMatchObject({
      exists: true,
      values: { start_on: "1970-01-01", end_on: "1970-01-01", allocation_pct: "50" },
      locked: null,
    });
    const change = update("assignment", id, {
      start_on: ["1970-01-01", "2026-12-01"],
      end_on: [null, "2027-01-31"],
      allocation_pct: ["50.00", "62.50"],
    });
    expect(await writer.write({ ...change, token: snapshot.token })).toEqual({
      outcome: "applied",
      nativeId: id,
      receipt: "project.work write",
    });
    expect(now()).toEqual({ percentage: 62.5, from: dateForm("2026-12-01"), to: dateForm("2027-01-31") });
    expect(fake.calls.filter((c) => c.endsWith(".write"))).toEqual(["project.work.write"]);
    expect(
      await writer.write(update("assignment", id, { end_on: ["2027-01-31", "1970-01-01"] })),
    ).toMatchObject({ outcome: "applied" });
    expect(now()).toEqual({ percentage: 62.5, from: dateForm("2026-12-01"), to: null });
  });

  it("sets neither when either record has moved", async () => {
    const { writer, target, id, now, fake, firm } = await openAllocation();
    const both = update("assignment", id, {
      start_on: ["1970-01-01", "2026-12-01"],
      allocation_pct: ["50", "60"],
    });
    for (const [model, record] of [
      ["project.allocation", Number(id)],
      ["project.work", firm.build],
    ] as const) {
      const { token } = await writer.read(target, FIELDS, {});
      fake.beforeNextWrite(() => fake.touch(model, record, {}));
      expect(await writer.write({ ...both, token }), model).toMatchObject({
        outcome: "conflict",
        actual: { start_on: "1970-01-01", allocation_pct: "50" },
      });
      fake.touch(model, record, {});
      expect(await writer.write({ ...both, token }), model).toMatchObject({ outcome: "conflict" });
    }
    expect(now()).toEqual({ percentage: 50, from: null, to: null });
  });

  it("is not held up by a change of the work when only the share is set", async () => {
    const { writer, target, id, now, fake, firm } = await openAllocation();
    const { token } = await writer.read(target, FIELDS, {});
    fake.touch("project.work", firm.build, { comment: "Half done" });
    expect(
      await writer.write(update("assignment", id, { allocation_pct: ["50", "45"] }, token)),
    ).toMatchObject({
      outcome: "applied",
      receipt: "project.allocation write",
    });
    expect(now().percentage).toBe(45);
  });

  it("leaves dates alone that others share, and says who; the share is one's own", async () => {
    const { writer, target, id, now, firm } = await openAllocation();
    firm.allocation(firm.build, firm.grace);
    expect((await writer.read(target, ["end_on"], {})).locked).toContain("Grace Hopper is on it too");
    expect((await writer.read(target, ["allocation_pct"], {})).locked).toBeNull();
    expect(
      await writer.write(update("assignment", id, { end_on: ["1970-01-01", "2027-01-31"] })),
    ).toMatchObject({ outcome: "rejected", code: "plumbline.locked" });
    expect(await writer.write(update("assignment", id, { allocation_pct: ["50", "40"] }))).toMatchObject({
      outcome: "applied",
    });
    expect(now()).toEqual({ percentage: 40, from: null, to: null });
  });

  it("passes the vendor's refusal on, and does nothing of the rest", async () => {
    const { writer, id, now } = await openAllocation();
    expect(
      await writer.write(
        update("assignment", id, { start_on: ["1970-01-01", "2026-12-01"], allocation_pct: ["50", "0"] }),
      ),
    ).toMatchObject({
      outcome: "rejected",
      code: "UserError",
      message: expect.stringContaining('"Percentage"'),
    });
    expect(now()).toEqual({ percentage: 50, from: null, to: null });
    expect(await writer.write(update("assignment", id, { start_on: ["1970-01-01", "soon"] }))).toMatchObject({
      code: "plumbline.incomplete",
    });
  });
});
