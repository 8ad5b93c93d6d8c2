import { afterEach, describe, expect, it } from "vitest";
import type { Change } from "#ingest/connector";
import { closeWriting, openWriting } from "./writing.ts";

afterEach(closeWriting);

const TURNED_AWAY = [
  { kind: "too-many-requests" },
  { kind: "answer", status: 400, body: { error: { code: "SSS_REQUEST_LIMIT_EXCEEDED", message: "busy" } } },
] as const;

describe("setting a price in NetSuite", () => {
  async function openRate() {
    const all = await openWriting();
    const nativeId = `${all.firm.card}:${all.firm.consultant}:1`;
    const target = { entity: "rate_line", nativeId, key: "001A|Consultant|USD" } as const;
    const change = (from: string, to: string, id = "push-1"): Change => ({
      target,
      action: "update",
      changes: [{ field: "rate", from, to }],
      refs: {},
      token: null,
      idempotencyKey: id,
    });
    const price = () => {
      const lines = all.w.account.get("billingRateCard", all.firm.card)?.lines ?? [];
      return (lines as { prices: Record<string, string> }[])[0]?.prices;
    };
    return { ...all, target, change, price };
  }

  it("changes that price and no other", async () => {
    const { writer, target, change, price } = await openRate();
    expect(await writer.read(target, ["rate"], {})).toMatchObject({
      exists: true,
      values: { rate: "200.00" },
      locked: null,
    });
    expect(await writer.write(change("200", "225.00"))).toMatchObject({
      outcome: "applied",
      nativeId: target.nativeId,
      receipt: expect.stringContaining("225.00"),
    });
    expect(price()).toEqual({ "1": "225.00", "2": "160.00" });
  });

  it("writes nothing over a price that moved, whether it moved before or during the push", async () => {
    const { w, writer, change, price, firm, fail } = await openRate();
    expect(await writer.write(change("190.00", "225.00"))).toMatchObject({
      outcome: "conflict",
      actual: { rate: "200.00" },
    });
    fail("PUT", { kind: "answer", status: 200, body: { ok: false, code: "STALE", actual: "210.00" } });
    expect(await writer.write(change("200.00", "225.00"))).toMatchObject({
      outcome: "conflict",
      actual: { rate: "210.00" },
    });
    expect(price()).toEqual({ "1": "200.00", "2": "160.00" });
    expect(w.account.get("billingRateCard", firm.card)).toBeDefined();
  });

  it("may be repeated after a lost answer and changes nothing more", async () => {
    const { writer, change, price, fail } = await openRate();
    fail("PUT", { kind: "cut-after-commit" });
    expect(await writer.write(change("200.00", "225.00"))).toMatchObject({ outcome: "unknown" });
    expect(price()?.["1"]).toBe("225.00");
    expect(await writer.write(change("200.00", "225.00"))).toMatchObject({
      outcome: "conflict",
      actual: { rate: "225.00" },
    });
  });

  it("passes a refusal on and says when nothing was tried", async () => {
    const { writer, change, target, fail, price } = await openRate();
    fail("PUT", {
      kind: "answer",
      status: 400,
      body: { error: { code: "RATE_LOCKED", message: "Prices are frozen for audit." } },
    });
    expect(await writer.write(change("200.00", "225.00"))).toEqual({
      outcome: "rejected",
      code: "RATE_LOCKED",
      message: "Prices are frozen for audit.",
    });
    for (const effect of TURNED_AWAY) {
      fail("PUT", effect);
      await expect(writer.write(change("200.00", "225.00"))).rejects.toMatchObject({
        recovery: "retry",
        code: "push.turned-away",
      });
    }
    expect(price()?.["1"]).toBe("200.00");
    const gone = { ...target, nativeId: "999:1:1" };
    expect(await writer.read(gone, ["rate"], {})).toMatchObject({ exists: false });
    expect(await writer.write({ ...change("200.00", "225.00"), target: gone })).toMatchObject({
      outcome: "rejected",
      code: "plumbline.gone",
    });
  });
});
