import { afterEach, describe, expect, it } from "vitest";
import type { Change } from "#ingest/connector";
import { NOW } from "./account.ts";
import { closeWriting, openWriting } from "./writing.ts";

afterEach(closeWriting);

describe("posting a time line to NetSuite", () => {
  const key = "a3C1_2026-11-10";
  async function openTime(settings: Record<string, unknown> = {}) {
    const all = await openWriting(settings);
    const { firm } = all;
    firm.time(null, "a3C0_2026-11-03", "2026-11-03", "4", "2026-11-05T10:00:00.000Z");
    const refs = { "project a2dProj": firm.job, "resource E-1": firm.employee, "task a2cTask": firm.task };
    const target = { entity: "time_entry", nativeId: null, key } as const;
    const values: Record<string, string> = {
      project_key: "a2dProj",
      task_key: "a2cTask",
      resource_key: "E-1",
      work_on: "2026-11-10",
      hours: "7.5000",
      is_billable: "1",
      note: "Cutover",
    };
    const create = (change: Record<string, string> = {}, to: string = key): Change => ({
      target: { ...target, key: to },
      action: "create",
      changes: Object.entries({ ...values, ...change }).map(([field, v]) => ({ field, from: null, to: v })),
      refs,
      token: null,
      idempotencyKey: "push-1",
    });
    const fields = Object.keys(values);
    const posted = () => all.rows("timeBill").filter((r) => r.externalId === key);
    return { ...all, refs, target, create, fields, posted };
  }

  it("creates it once, approved and linked, with the service item last used on the project", async () => {
    const { writer, target, create, fields, refs, posted, firm } = await openTime();
    expect(await writer.read(target, fields, refs)).toMatchObject({ exists: false, locked: null });
    const outcome = await writer.write(create());
    expect(outcome).toMatchObject({ outcome: "applied", nativeId: posted()[0]?.id });
    expect(posted()).toMatchObject([
      {
        custcol_psa_time_id: key,
        employee: firm.employee,
        customer: firm.job,
        caseTaskEvent: firm.task,
        item: "88",
        tranDate: "2026-11-10",
        hours: "7.5",
        isBillable: true,
        approvalStatus: "3",
        timeType: "A",
        memo: "Cutover",
      },
    ]);
    expect(await writer.read(target, fields, refs)).toMatchObject({
      exists: true,
      values: {
        project_key: "a2dProj",
        task_key: "a2cTask",
        resource_key: "E-1",
        work_on: "2026-11-10",
        hours: "7.5",
        is_billable: "1",
        note: "Cutover",
      },
    });
    expect(await writer.write(create())).toMatchObject({
      outcome: "applied",
      receipt: expect.stringContaining("already"),
    });
    expect(posted()).toHaveLength(1);
  });

  it("finds a line that carries the link but not the external id, and does not post it again", async () => {
    const { writer, target, create, fields, refs, posted, firm, rows } = await openTime();
    const there = firm.time(null, null, "2026-11-10", "7.5", "2026-11-12T10:00:00.000Z", {
      custcol_psa_time_id: key,
    });
    expect(await writer.read(target, fields, refs)).toMatchObject({ exists: true, nativeId: there });
    const before = rows("timeBill").length;
    expect(await writer.write(create())).toMatchObject({ outcome: "applied", nativeId: there });
    expect(rows("timeBill")).toHaveLength(before);
    expect(posted()).toHaveLength(0);
    firm.time(null, null, "2026-11-10", "7.5", "2026-11-12T10:00:00.000Z", { custcol_psa_time_id: key });
    expect(await writer.write(create())).toMatchObject({ outcome: "rejected", code: "plumbline.several" });
  });

  it("knows that it was posted although the answer was lost, and does not know when it was not", async () => {
    const { writer, create, fail, posted } = await openTime();
    fail("PUT", { kind: "cut" });
    expect(await writer.write(create())).toMatchObject({ outcome: "unknown" });
    expect(posted()).toHaveLength(0);
    fail("PUT", { kind: "cut-after-commit" });
    expect(await writer.write(create())).toMatchObject({
      outcome: "applied",
      nativeId: posted()[0]?.id,
      receipt: expect.stringContaining("answer was lost"),
    });
    expect(posted()).toHaveLength(1);
  });

  it("posts nothing into a closed period", async () => {
    const { writer, target, create, fields, refs, rows } = await openTime();
    const old = "a3C1_2026-09-10";
    expect(await writer.read({ ...target, key: old }, fields, refs)).toMatchObject({
      exists: false,
      locked: expect.stringContaining("Sep 2026"),
    });
    expect(await writer.write(create({ work_on: "2026-09-10" }, old))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.period-closed",
      message: expect.stringContaining("Sep 2026"),
    });
    expect(rows("timeBill").some((r) => r.externalId === old)).toBe(false);
  });

  it("posts nothing that refers to what is not there, and passes the vendor's words on", async () => {
    const { w, writer, create, posted } = await openTime();
    expect(await writer.write(create({ task_key: "a2cOther" }))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.unknown-reference",
    });
    const elsewhere = w.put(
      "projectTask",
      null,
      { title: "Other", project: w.put("job", null, { entityId: "NW-2", subsidiary: "1" }, NOW) },
      NOW,
    );
    const wrongTask = { ...create(), refs: { ...create().refs, "task a2cTask": elsewhere } };
    expect(await writer.write(wrongTask)).toMatchObject({
      outcome: "rejected",
      code: "USER_ERROR",
      message: expect.stringContaining("task does not belong"),
    });
    expect(posted()).toHaveLength(0);
  });

  it("says to try again when it was turned away at the door", async () => {
    const { writer, create, fail, posted } = await openTime();
    fail("PUT", { kind: "too-many-requests" });
    await expect(writer.write(create())).rejects.toMatchObject({ recovery: "retry" });
    expect(posted()).toHaveLength(0);
  });

  it("uses the service item and the link the settings name", async () => {
    const { writer, create, posted, w } = await openTime({
      timeLinkField: null,
      timeItem: "88",
      postedTimeStatus: "2",
    });
    expect(await writer.write(create())).toMatchObject({ outcome: "applied" });
    expect(posted()[0]).toMatchObject({ item: "88", approvalStatus: "2" });
    expect(posted()[0]?.custcol_psa_time_id ?? null).toBeNull();
    expect(w.source.recordUrl("time_entry", "7")).toContain("id=7");
  });

  it("takes back only what it posted, and not once the ledger has it", async () => {
    const { writer, create, posted, w, firm } = await openTime();
    const made = await writer.write(create());
    const nativeId = made.outcome === "applied" ? made.nativeId : "";
    const undo: Change = { ...create(), target: { entity: "time_entry", nativeId, key }, action: "delete" };
    w.account.write("timeBill", nativeId, { posted: true }, { at: w.clock.now(), by: "9001" });
    expect(await writer.write(undo)).toMatchObject({ outcome: "rejected", code: "plumbline.posted" });
    w.account.write("timeBill", nativeId, { posted: false }, { at: w.clock.now(), by: "9001" });
    expect(await writer.write({ ...undo, target: { ...undo.target, nativeId: "1" } })).toMatchObject({
      outcome: "rejected",
      code: "plumbline.not-ours",
    });
    expect(await writer.write(undo)).toMatchObject({ outcome: "applied" });
    expect(posted()).toHaveLength(0);
    const copied = firm.time(null, null, "2026-11-10", "7.5", "2026-11-12T10:00:00.000Z", {
      custcol_psa_time_id: key,
    });
    expect(await writer.write({ ...undo, target: { ...undo.target, nativeId: copied } })).toMatchObject({
      outcome: "rejected",
      code: "plumbline.gone",
    });
  });
});
