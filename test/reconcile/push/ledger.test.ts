import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { manualClock } from "#core/time";
import { appendEvent, type HeadAnchor, type PushEventInput, verifyLedger } from "#reconcile/push/ledger";
import { pushList } from "#reconcile/push/state";
import { openTestStore, type TestStore, truncateAll } from "../../support/store.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(() => truncateAll(store));

const clock = manualClock("2026-11-20T10:00:00.000Z");
const proposal = {
  exceptionId: "ex-1",
  rule: "RAT-02",
  comparison: "rates-contract-erp",
  targetRole: "erp",
  targetSource: "erp",
  target: { entity: "rate_line", nativeId: "3:52:1", key: "k" },
  action: "update",
  changes: [{ field: "rate", from: "200", to: "225" }],
  refs: {},
  because: "b",
  tier: "H",
  undoOf: "",
};
const event = (type: PushEventInput["type"], actor: string, detail: unknown = {}): PushEventInput => ({
  push_id: "p-1",
  type,
  actor,
  exception_id: "ex-1",
  rule: "RAT-02",
  target_source: "erp",
  target_entity: "rate_line",
  target_native_id: "3:52:1",
  undo_of: "",
  detail,
});
const append = (e: PushEventInput, anchor?: HeadAnchor) => {
  clock.advance(1000);
  return appendEvent(store, clock, e, anchor);
};
async function three(anchor?: HeadAnchor) {
  await append(event("requested", "finance", proposal), anchor);
  await append(event("approved", "approver"), anchor);
  await append(event("started", "plumbline"), anchor);
}
function memoryAnchor(): HeadAnchor {
  let kept: { rows: number; head: string } | null = null;
  return {
    read: () => kept,
    write: (a) => {
      kept = a;
    },
  };
}

describe("the push ledger", () => {
  it("is whole when nobody touched it, and when it is empty", async () => {
    expect(await verifyLedger(store)).toMatchObject({ ok: true, rows: 0 });
    await three();
    expect(await verifyLedger(store)).toMatchObject({ ok: true, rows: 3, overlaps: 0 });
  });

  it("shows a changed column, whichever it is", async () => {
    await three();
    for (const change of [
      "actor = 'mallory'",
      "detail = '{\"x\":1}'",
      "at = at + 1",
      "type = 'refused'",
      "target_native_id = 'x'",
    ]) {
      await store.command(
        `ALTER TABLE push_event UPDATE ${change} WHERE seq = 2 SETTINGS mutations_sync = 2`,
      );
      expect(await verifyLedger(store)).toMatchObject({ ok: false, at: "2" });
      await truncateAll(store);
      await three();
    }
  });

  it("shows a row taken out of the middle", async () => {
    await three();
    await store.command("ALTER TABLE push_event DELETE WHERE seq = 2 SETTINGS mutations_sync = 2");
    expect(await verifyLedger(store)).toMatchObject({ ok: false, at: "3" });
  });

  it("shows a tail cut off, by the head noted outside the store", async () => {
    const anchor = memoryAnchor();
    await three(anchor);
    expect(await verifyLedger(store, anchor)).toMatchObject({ ok: true });
    await store.command("ALTER TABLE push_event DELETE WHERE seq = 3 SETTINGS mutations_sync = 2");
    expect(await verifyLedger(store)).toMatchObject({ ok: true });
    expect(await verifyLedger(store, anchor)).toMatchObject({ ok: false, at: "3" });
  });

  it("keeps one order when many events are appended at once", async () => {
    await append(event("requested", "finance", proposal));
    await Promise.all(Array.from({ length: 8 }, () => append(event("unknown", "plumbline"))));
    expect(await verifyLedger(store)).toMatchObject({ ok: true, rows: 9, overlaps: 0 });
  });

  it("folds to the first decision: an approval after a refusal changes nothing", async () => {
    await append(event("requested", "finance", proposal));
    await append(event("refused", "approver", { reason: "wrong client" }));
    await append(event("approved", "admin"));
    expect(await pushList(store)).toMatchObject([{ id: "p-1", status: "refused", decidedBy: "approver" }]);
  });

  it("folds through to verified, remembering who asked and who agreed", async () => {
    await three();
    await append(event("applied", "plumbline", { receipt: "204" }));
    await append(event("verified", "plumbline"));
    const [push] = await pushList(store);
    expect(push).toMatchObject({ status: "verified", requestedBy: "finance", decidedBy: "approver" });
    expect(push?.appliedAt).not.toBeNull();
  });
});
