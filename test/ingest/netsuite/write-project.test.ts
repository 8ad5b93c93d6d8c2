import { afterEach, describe, expect, it } from "vitest";
import type { Change } from "#ingest/connector";
import { NOW } from "./account.ts";
import { closeWriting, openWriting } from "./writing.ts";

afterEach(closeWriting);

describe("creating a project in NetSuite", () => {
  const key = "a2dNew";
  async function openProject() {
    const all = await openWriting();
    const refs = { "customer 001A": all.firm.customer };
    const target = { entity: "project", nativeId: null, key } as const;
    const values: Record<string, string> = {
      code: "NW-002",
      name: "NW support",
      customer_key: "001A",
      legal_entity: "US01",
      currency: "USD",
      start_on: "2026-11-01",
      end_on: "2027-03-31",
    };
    const create = (change: Record<string, string> = {}): Change => ({
      target,
      action: "create",
      changes: Object.entries({ ...values, ...change }).map(([field, v]) => ({ field, from: null, to: v })),
      refs,
      token: null,
      idempotencyKey: "push-1",
    });
    const made = () => all.rows("job").filter((r) => r.externalId === key);
    return { ...all, refs, target, create, made, fields: Object.keys(values) };
  }

  it("creates it under the PSA's id with the account's own ids for client, entity and currency", async () => {
    const { writer, target, create, fields, refs, made, firm } = await openProject();
    expect(await writer.read(target, fields, refs)).toMatchObject({ exists: false });
    expect(await writer.write(create())).toMatchObject({ outcome: "applied", nativeId: made()[0]?.id });
    expect(made()).toMatchObject([
      {
        entityId: "NW-002",
        companyName: "NW support",
        parent: firm.customer,
        subsidiary: "1",
        currency: "1",
        startDate: "2026-11-01",
        projectedEndDate: "2027-03-31",
      },
    ]);
    expect(await writer.read(target, fields, refs)).toMatchObject({
      exists: true,
      values: {
        code: "NW-002",
        name: "NW support",
        customer_key: "001A",
        legal_entity: "US01",
        currency: "USD",
        start_on: "2026-11-01",
        end_on: "2027-03-31",
      },
    });
    expect(await writer.write(create())).toMatchObject({
      outcome: "applied",
      receipt: expect.stringContaining("already"),
    });
    expect(made()).toHaveLength(1);
  });

  it("leaves a project that has the code but no link to a person", async () => {
    const { w, writer, create, made, firm } = await openProject();
    w.put(
      "job",
      null,
      { entityId: "nw-002", companyName: "By hand", parent: firm.customer, subsidiary: "1" },
      "2026-11-10T10:00:00.000Z",
    );
    const outcome = await writer.write(create());
    expect(outcome).toMatchObject({
      outcome: "rejected",
      code: "plumbline.code-taken",
      message: expect.stringContaining("not linked"),
    });
    expect(made()).toHaveLength(0);
    expect(await writer.write(create({ code: "NW-001" }))).toMatchObject({
      code: "plumbline.code-taken",
      message: expect.stringContaining("linked to another"),
    });
  });

  it("knows that it was created although the answer was lost", async () => {
    const { writer, create, fail, made } = await openProject();
    fail("PUT", { kind: "cut-after-commit" });
    expect(await writer.write(create())).toMatchObject({ outcome: "applied", nativeId: made()[0]?.id });
    expect(made()).toHaveLength(1);
  });

  it("passes the vendor's words on, and creates nothing for a client it does not know", async () => {
    const { writer, create, made } = await openProject();
    expect(await writer.write({ ...create(), refs: {} })).toMatchObject({
      outcome: "rejected",
      code: "plumbline.unknown-reference",
    });
    expect(await writer.write(create({ currency: "CHF" }))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.unknown-currency",
    });
    expect(await writer.write(create({ legal_entity: "FR01" }))).toMatchObject({
      outcome: "rejected",
      code: "INVALID_CONTENT",
    });
    expect(made()).toHaveLength(0);
  });

  it("takes it back while nothing is booked on it, and not after", async () => {
    const { w, writer, create, made } = await openProject();
    const outcome = await writer.write(create());
    const nativeId = outcome.outcome === "applied" ? outcome.nativeId : "";
    const undo: Change = { ...create(), target: { entity: "project", nativeId, key }, action: "delete" };
    const task = w.put("projectTask", null, { title: "Build", project: nativeId }, NOW);
    expect(await writer.write(undo)).toMatchObject({
      outcome: "rejected",
      message: expect.stringContaining("dependent records"),
    });
    w.account.remove("projectTask", task, { at: w.clock.now(), by: "9001" });
    expect(await writer.write(undo)).toMatchObject({ outcome: "applied" });
    expect(made()).toHaveLength(0);
  });
});
