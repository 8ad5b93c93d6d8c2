import { afterEach, describe, expect, it } from "vitest";
import type { Change } from "#ingest/connector";
import { closeWriting, openWriting } from "./writing.ts";

afterEach(closeWriting);

describe("correcting an allocation in NetSuite", () => {
  async function openAllocation(unit: "P" | "H" = "P") {
    const all = await openWriting();
    const { firm, w } = all;
    const id = w.put(
      "resourceAllocation",
      null,
      {
        externalId: "a1A",
        allocationResource: firm.employee,
        project: firm.job,
        startDate: "2026-10-05",
        endDate: "2026-12-18",
        allocationAmount: "100",
        allocationUnit: unit,
        percentOfTime: "100",
        numberHours: "440",
      },
      "2026-10-01T10:00:00.000Z",
    );
    const target = { entity: "assignment", nativeId: id, key: "a1A" } as const;
    const change = (changes: Change["changes"]): Change => ({
      target,
      action: "update",
      changes,
      refs: {},
      token: null,
      idempotencyKey: "push-1",
    });
    const end = { field: "end_on", from: "2026-12-18", to: "2027-01-29" };
    return { ...all, id, target, change, end, row: () => w.account.get("resourceAllocation", id) };
  }

  it("moves dates and share together", async () => {
    const { writer, target, change, end, row } = await openAllocation();
    expect(await writer.read(target, ["start_on", "end_on", "allocation_pct"], {})).toMatchObject({
      exists: true,
      values: { start_on: "2026-10-05", end_on: "2026-12-18", allocation_pct: "100" },
    });
    const share = { field: "allocation_pct", from: "100.00", to: "80" };
    expect(await writer.write(change([end, share]))).toMatchObject({
      outcome: "applied",
      nativeId: target.nativeId,
    });
    expect(row()).toMatchObject({
      startDate: "2026-10-05",
      endDate: "2027-01-29",
      percentOfTime: "80",
      allocationUnit: "P",
    });
  });

  it("does not call a change refused when it was made and only the look afterwards failed", async () => {
    const { w, writer, change, end, row } = await openAllocation();
    w.server.faults.add({ method: "GET", path: "resourceAllocation", after: 1, effect: { kind: "outage" } });
    expect(await writer.write(change([end]))).toMatchObject({ outcome: "unknown" });
    expect(row()).toMatchObject({ endDate: "2027-01-29" });
  });

  it("writes nothing over dates that moved, and takes the vendor's own refusal of a stale save as a conflict", async () => {
    const { w, writer, id, change, end, row, fail } = await openAllocation();
    fail("PATCH", {
      kind: "answer",
      status: 400,
      body: {
        "o:errorDetails": [{ detail: "Record has been changed.", "o:errorCode": "RCRD_HAS_BEEN_CHANGED" }],
      },
    });
    expect(await writer.write(change([end]))).toMatchObject({
      outcome: "conflict",
      actual: { end_on: "2026-12-18" },
      message: "Record has been changed.",
    });
    w.put("resourceAllocation", id, { endDate: "2026-12-31" }, "2026-11-20T14:00:00.000Z");
    expect(await writer.write(change([end]))).toMatchObject({
      outcome: "conflict",
      actual: { end_on: "2026-12-31" },
    });
    expect(row()?.endDate).toBe("2026-12-31");
  });

  it("passes the vendor's words on, and does not set a share where hours are what is planned", async () => {
    const { writer, change, end } = await openAllocation();
    expect(await writer.write(change([{ ...end, to: "2026-01-01" }]))).toMatchObject({
      outcome: "rejected",
      code: "USER_ERROR",
      message: expect.stringContaining("end date"),
    });
    const hours = await openAllocation("H");
    expect(
      await hours.writer.write(hours.change([{ field: "allocation_pct", from: "100", to: "80" }])),
    ).toMatchObject({ outcome: "rejected", code: "plumbline.planned-in-hours" });
  });

  it("does not claim success when the vendor took the change and kept nothing of it", async () => {
    const { writer, change, end, fail } = await openAllocation();
    fail("PATCH", { kind: "answer", status: 204, body: undefined });
    expect(await writer.write(change([end]))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.not-kept",
    });
  });

  it("does not claim to know when the answer is lost", async () => {
    for (const effect of [{ kind: "cut-after-commit" }, { kind: "cut" }, { kind: "server-error" }] as const) {
      const { w, writer, change, end, fail } = await openAllocation();
      fail("PATCH", effect);
      expect(await writer.write(change([end]))).toMatchObject({ outcome: "unknown" });
      expect(w.server.faults.list()[0]?.matched).toBe(1);
    }
  });
});
