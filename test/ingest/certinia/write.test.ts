import { afterEach, describe, expect, it } from "vitest";
import type { Change, FieldChange, Writer } from "#ingest/connector";
import type { HttpFaultEffect } from "#sandbox/http-faults";
import type { World } from "../salesforce/org.ts";
import { certiniaWorld, seed } from "./firm.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

async function open() {
  const w = await certiniaWorld();
  world = w;
  const firm = seed(w);
  const writer = w.source.writer as Writer;
  const target = { entity: "assignment", nativeId: firm.assignment, key: firm.assignment } as const;
  const change = (changes: FieldChange[], token: string | null = null): Change => ({
    target,
    action: "update",
    changes,
    refs: {},
    token,
    idempotencyKey: "push-1",
  });
  const end = { field: "end_on", from: "2027-01-29", to: "2027-02-26" };
  const fail = (effect: HttpFaultEffect) => w.server.faults.add({ method: "PATCH", times: 1, effect });
  const schedule = () => w.org.get("pse__Schedule__c", firm.schedule);
  return { w, firm, writer, target, change, end, fail, schedule };
}

describe("correcting an assignment in Certinia", () => {
  it("moves its end on the schedule, where it is kept", async () => {
    const { writer, target, change, end, schedule } = await open();
    const before = await writer.read(target, ["end_on", "bill_rate"], {});
    expect(before).toMatchObject({
      exists: true,
      values: { end_on: "2027-01-29", bill_rate: "225" },
      locked: null,
    });
    expect(await writer.write(change([end], before.token))).toMatchObject({
      outcome: "applied",
      nativeId: target.nativeId,
    });
    expect(schedule()?.pse__End_Date__c).toBe("2027-02-26");
    expect((await writer.read(target, ["end_on"], {})).values).toEqual({ end_on: "2027-02-26" });
  });

  it("sets its bill rate, exact to the last digit", async () => {
    const { w, firm, writer, change } = await open();
    expect(
      await writer.write(change([{ field: "bill_rate", from: "225.0000", to: "235.1234" }])),
    ).toMatchObject({ outcome: "applied" });
    expect(w.org.get("pse__Assignment__c", firm.assignment)?.pse__Bill_Rate__c).toBe("235.1234");
  });

  it("writes nothing over a value that moved since", async () => {
    const { w, firm, writer, change, end, schedule } = await open();
    w.put("pse__Schedule__c", firm.schedule, { pse__End_Date__c: "2027-03-31" }, "2026-11-20T14:00:00.000Z");
    expect(await writer.write(change([end]))).toMatchObject({
      outcome: "conflict",
      actual: { end_on: "2027-03-31" },
    });
    expect(schedule()?.pse__End_Date__c).toBe("2027-03-31");
  });

  it("lets the org refuse when anything on the record changed after it was looked at", async () => {
    const { w, firm, writer, target, change, end, schedule } = await open();
    const { token } = await writer.read(target, ["end_on"], {});
    w.put(
      "pse__Schedule__c",
      firm.schedule,
      { pse__Start_Date__c: "2026-09-14" },
      "2026-11-20T14:00:00.000Z",
    );
    expect(await writer.write(change([end], token))).toMatchObject({
      outcome: "conflict",
      actual: { end_on: "2027-01-29" },
    });
    expect(schedule()?.pse__End_Date__c).toBe("2027-01-29");
  });

  it("passes the org's own words on when a rule refuses", async () => {
    const { writer, change, schedule } = await open();
    const outcome = await writer.write(change([{ field: "end_on", from: "2027-01-29", to: "2026-01-01" }]));
    expect(outcome).toMatchObject({ outcome: "rejected", code: "FIELD_CUSTOM_VALIDATION_EXCEPTION" });
    expect(schedule()?.pse__End_Date__c).toBe("2027-01-29");
  });

  it("does not claim to know when the answer is lost, whether or not it was written", async () => {
    for (const [effect, written] of [
      [{ kind: "cut-after-commit" }, true],
      [{ kind: "cut" }, false],
      [{ kind: "server-error", status: 500 }, false],
    ] as const) {
      const { writer, change, end, fail, schedule, w } = await open();
      fail(effect);
      expect(await writer.write(change([end]))).toMatchObject({ outcome: "unknown" });
      expect(schedule()?.pse__End_Date__c).toBe(written ? "2027-02-26" : "2027-01-29");
      expect(w.server.faults.list()[0]?.matched).toBe(1);
      await w.close();
    }
    world = null;
  });

  it("says to try again when it was turned away at the door", async () => {
    const { writer, change, end, fail, schedule } = await open();
    for (const effect of [
      { kind: "answer", status: 429, body: [] },
      { kind: "answer", status: 403, body: [{ errorCode: "REQUEST_LIMIT_EXCEEDED", message: "limit" }] },
      { kind: "answer", status: 400, body: [{ errorCode: "UNABLE_TO_LOCK_ROW", message: "busy" }] },
    ] as const) {
      fail(effect);
      await expect(writer.write(change([end]))).rejects.toMatchObject({
        recovery: "retry",
        code: "push.turned-away",
      });
    }
    expect(schedule()?.pse__End_Date__c).toBe("2027-01-29");
  });

  it("is sent again after an expired token, because that request did nothing", async () => {
    const { w, writer, target, change, end, schedule } = await open();
    const { token } = await writer.read(target, ["end_on"], {});
    w.server.faults.add({ method: "PATCH", times: 1, effect: { kind: "unauthorized" } });
    expect(await writer.write(change([end], token))).toMatchObject({ outcome: "applied" });
    expect(schedule()?.pse__End_Date__c).toBe("2027-02-26");
  });

  it("never changes two records in one push, nor what it cannot", async () => {
    const { writer, change, end, target } = await open();
    expect(await writer.write(change([end, { field: "bill_rate", from: "225", to: "235" }]))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.two-records",
    });
    expect(await writer.write({ ...change([end]), action: "delete" })).toMatchObject({ outcome: "rejected" });
    expect(
      await writer.read(
        { ...target, nativeId: "a1AHs0000009999MAA", key: "a1AHs0000009999MAA" },
        ["end_on"],
        {},
      ),
    ).toMatchObject({ exists: false });
    await expect(
      writer.read({ ...target, nativeId: "' OR Name != '" }, ["end_on"], {}),
    ).rejects.toMatchObject({ recovery: "ask-a-person" });
  });
});
