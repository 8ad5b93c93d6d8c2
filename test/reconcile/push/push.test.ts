/**
 * Pushes against the make-believe firm's NetSuite, over HTTP: what is asked for, approved, written and proven; what happens when
 * the process dies between any two steps; what the vendor refuses.
 */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { proofDeps } from "#app/data/proof.server";
import { systemClock } from "#core/time";
import { type OpenSource, openSources } from "#ingest/registry";
import { ingestAll } from "#ingest/run";
import { pushExecute } from "#reconcile/push/execute";
import { verifyLedger } from "#reconcile/push/ledger";
import { pushPreview } from "#reconcile/push/preview";
import { type Actor, type DecideDeps, pushApprove, pushRefuse, pushRequest } from "#reconcile/push/request";
import { pushShow } from "#reconcile/push/state";
import { pushUndo } from "#reconcile/push/undo";
import { pushVerify } from "#reconcile/push/verify";
import { reconcile } from "#reconcile/run";
import { type Sandbox, startSandbox } from "#sandbox/start";
import { exceptionDetail, listExceptions, QUEUE_START, STANDING } from "#sql/queries/exceptions";
import type { Store } from "#sql/store";
import { sandboxConfig } from "../../support/sandbox-config.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";

const finance: Actor = { name: "finance", roles: ["finance"] };
const approver: Actor = { name: "approver", roles: ["approver"] };

let sandbox: Sandbox;
let store: TestStore;
let deps: DecideDeps;
/** Exceptions not used by a test yet, by rule. */
const unused = new Map<string, string[]>();

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 11, projects: 30, months: 3, perRule: 4, clock: systemClock });
  store = await openTestStore();
  const config = sandboxConfig(sandbox);
  const sources = openSources(config, { clock: systemClock });
  deps = { store, clock: systemClock, config, sources };
  await ingestAll(store, sources, { clock: systemClock });
  for (let i = 0; i < 2; i++) await reconcile(store, deps, { mode: "full" });
  const open = await store.query(listExceptions, { ...STANDING, ...QUEUE_START, limit: 1000 });
  for (const e of open)
    if (e.comparison !== "rates-contract-psa") unused.set(e.rule, [...(unused.get(e.rule) ?? []), e.id]);
}, 180_000);
afterAll(async () => {
  await store?.close();
  await sandbox?.close();
});
afterEach(() => sandbox.faultsControl.netsuite.clear());

function take(rule: string): string {
  const id = unused.get(rule)?.shift();
  if (!id) throw new Error(`The firm has no further exception of ${rule}`);
  return id;
}

async function approved(rule: string): Promise<string> {
  const push = await pushRequest(deps, finance, take(rule));
  return (await pushApprove(deps, approver, push.id)).id;
}

const statusOf = async (exceptionId: string) =>
  (await store.query(exceptionDetail, { id: exceptionId }))[0]?.status;

/** How many time bills NetSuite holds for one of the PSA's lines. */
function timeBills(key: string): number {
  return [...sandbox.account.rows("timeBill")].filter((r) => r.custcol_psa_time_id === key).length;
}
const jobs = (key: string) => [...sandbox.account.rows("job")].filter((r) => r.externalId === key).length;

describe("a push", () => {
  it("of each kind is written once, read back, and resolves its exception", async () => {
    for (const rule of ["RAT-02", "ASG-03", "TIM-01", "PRJ-01"]) {
      const id = await approved(rule);
      expect(await pushExecute(deps, id)).toMatchObject({ status: "applied" });
      const proof = await pushVerify(proofDeps(deps), id);
      expect(proof).toMatchObject({ verified: true, push: { status: "verified" } });
      expect(await statusOf(proof.push.exceptionId)).toBe("resolved");
    }
    expect(await verifyLedger(store)).toMatchObject({ ok: true });
  }, 120_000);

  it("needs a second person, whatever roles the first one holds", async () => {
    const both: Actor = { name: "finance", roles: ["finance", "approver", "admin"] };
    const push = await pushRequest(deps, both, take("PRJ-01"));
    await expect(pushApprove(deps, both, push.id)).rejects.toMatchObject({ code: "push.four-eyes" });
    await expect(pushApprove(deps, { name: "pmo", roles: ["pmo"] }, push.id)).rejects.toMatchObject({
      code: "push.approve-forbidden",
    });
    await expect(
      pushRequest(deps, { name: "exec", roles: ["exec"] }, push.exceptionId),
    ).rejects.toMatchObject({ code: "push.request-forbidden" });
    // Not approved, so executing it does nothing.
    expect(await pushExecute(deps, push.id)).toMatchObject({ status: "requested" });
    expect(jobs(push.proposal.target.key)).toBe(0);
    expect(await pushRefuse(deps, approver, push.id, "wrong entity")).toMatchObject({ status: "refused" });
    await expect(pushApprove(deps, approver, push.id)).rejects.toMatchObject({ code: "push.decided" });
  });

  it("asked for twice is one push, and can be asked for again once it was turned down", async () => {
    const exception = take("ASG-03");
    const first = await pushRequest(deps, finance, exception);
    expect((await pushRequest(deps, finance, exception)).id).toBe(first.id);
    await pushRefuse(deps, finance, first.id, "not now");
    const second = await pushRequest(deps, finance, exception);
    expect(second.id).not.toBe(first.id);
    await pushRefuse(deps, finance, second.id, "not now");
    unused.get("ASG-03")?.unshift(exception);
  });

  it("that lapsed cannot be approved any more", async () => {
    const exception = take("ASG-03");
    const push = await pushRequest(deps, finance, exception);
    const tomorrow = { ...deps, clock: { now: () => systemClock.now() + 25 * 3_600_000 } };
    await expect(pushApprove(tomorrow, approver, push.id)).rejects.toMatchObject({ code: "push.lapsed" });
    expect(await pushShow(store, push.id)).toMatchObject({ status: "withdrawn" });
    unused.get("ASG-03")?.unshift(exception);
  });
});

/** What dies, and when: before or after the n-th thing that leaves a trace (a ledger row or a call that writes). */
function dyingDeps(n: number, when: "before" | "after"): DecideDeps {
  let count = 0;
  const trace = async <T>(work: () => Promise<T>): Promise<T> => {
    count++;
    if (count === n && when === "before") throw new Error("the process died");
    const result = await work();
    if (count === n && when === "after") throw new Error("the process died");
    return result;
  };
  const dyingStore: Store = { ...store, insert: (table, rows) => trace(() => store.insert(table, rows)) };
  const sources = deps.sources.map((s): OpenSource => {
    const writer = s.source.writer;
    if (!writer) return s;
    return {
      ...s,
      source: { ...s.source, writer: { ...writer, write: (change) => trace(() => writer.write(change)) } },
    };
  });
  return { ...deps, store: dyingStore, sources };
}

describe("a process that dies while it pushes", () => {
  const steps: [number, "before" | "after", string][] = [
    [1, "before", "before it says that it starts"],
    [1, "after", "after it said that it starts"],
    [2, "after", "after the vendor wrote"],
    [3, "before", "before it notes the outcome"],
    [3, "after", "after it noted the outcome"],
  ];
  it.each(steps)("at step %i, %s (%s), leaves one effect when it is taken up again", async (n, when) => {
    const rule = n === 1 ? "TIM-01" : "PRJ-01";
    // A create is the dangerous kind: doing it twice doubles the record.
    const id = await approved(unused.get(rule)?.length ? rule : rule === "TIM-01" ? "PRJ-01" : "TIM-01");
    await pushExecute(dyingDeps(n, when), id).catch((error: Error) =>
      expect(error.message).toContain("died"),
    );
    let push = await pushExecute({ ...deps }, id);
    const { entity, key } = push.proposal.target;
    const effects = entity === "time_entry" ? timeBills(key) : jobs(key);
    if (push.status === "unknown") {
      // It died before the call: nothing is there, and a create is never repeated by itself.
      expect(effects).toBe(0);
      expect([n, when]).toEqual([1, "after"]);
    } else {
      expect(push.status).toBe("applied");
      expect(effects).toBe(1);
      push = (await pushVerify(proofDeps(deps), id)).push;
      expect(push.status).toBe("verified");
    }
    expect(await verifyLedger(store)).toMatchObject({ ok: true });
  });
});

describe("what a vendor does to a push", () => {
  it("cut after the commit: the record is found, not created again", async () => {
    sandbox.faultsControl.netsuite.add({
      method: "PUT",
      path: "timeBill|job",
      times: 1,
      effect: { kind: "cut-after-commit" },
    });
    const rule = unused.get("TIM-01")?.length ? "TIM-01" : "PRJ-01";
    const id = await approved(rule);
    const push = await pushExecute(deps, id);
    expect(sandbox.faultsControl.netsuite.list()[0]?.struck).toBe(1);
    expect(push).toMatchObject({ status: "applied", last: { receipt: expect.any(String) } });
    expect((await pushExecute(deps, id)).status).toBe("applied");
    const { entity, key } = push.proposal.target;
    expect(entity === "time_entry" ? timeBills(key) : jobs(key)).toBe(1);
  });

  it("the value moved after the approval: a conflict, and nothing is written", async () => {
    const id = await approved("RAT-02");
    const push = await pushShow(store, id);
    const [card, billingClass, currency] = (push.proposal.target.nativeId ?? "").split(":") as [
      string,
      string,
      string,
    ];
    const row = sandbox.account.get("billingRateCard", card) as {
      lines: { billingClassId: string; prices: Record<string, string> }[];
    };
    const lines = row.lines.map((l) =>
      l.billingClassId === billingClass ? { ...l, prices: { ...l.prices, [currency]: "1.23" } } : l,
    );
    sandbox.account.write("billingRateCard", card, { lines }, { at: systemClock.now(), by: "702" });
    expect(await pushExecute(deps, id)).toMatchObject({ status: "conflict" });
    const after = sandbox.account.get("billingRateCard", card) as typeof row;
    expect(after.lines.find((l) => l.billingClassId === billingClass)?.prices[currency]).toBe("1.23");
    // And a preview says so before anybody asks again.
    const preview = await pushPreview(deps, push.exceptionId);
    expect(preview).toMatchObject({ kind: "ready", allowed: false });
  });

  it("refuses in its own words, and they are kept", async () => {
    const id = await approved("ASG-03");
    sandbox.faultsControl.netsuite.add({
      method: "PATCH",
      path: "resourceAllocation",
      times: 1,
      effect: {
        kind: "answer",
        status: 400,
        body: {
          title: "Bad Request",
          status: 400,
          "o:errorDetails": [{ detail: "Allocation is locked by payroll.", "o:errorCode": "USER_ERROR" }],
        },
      },
    });
    const push = await pushExecute(deps, id);
    expect(push).toMatchObject({ status: "rejected", last: { code: "USER_ERROR" } });
    expect(String(push.last.message)).toContain("Allocation is locked by payroll.");
  });

  it("is too busy: nothing was written, and it can be asked for again", async () => {
    const id = await approved("ASG-03");
    sandbox.faultsControl.netsuite.add({
      method: "PATCH",
      path: "resourceAllocation",
      times: 1,
      effect: { kind: "too-many-requests" },
    });
    const push = await pushExecute(deps, id);
    expect(push).toMatchObject({ status: "rejected", last: { code: "push.turned-away" } });
    const again = await pushRequest(deps, finance, push.exceptionId);
    expect(again.id).not.toBe(id);
    await pushApprove(deps, approver, again.id);
    expect(await pushExecute(deps, again.id)).toMatchObject({ status: "applied" });
  });

  it("does not answer: nothing was started, and the push stays approved", async () => {
    const id = await approved("ASG-03");
    sandbox.faultsControl.netsuite.add({ path: "resourceAllocation", effect: { kind: "unauthorized" } });
    await expect(pushExecute(deps, id)).rejects.toMatchObject({ code: "push.target-unreadable" });
    expect(await pushShow(store, id)).toMatchObject({ status: "approved" });
    sandbox.faultsControl.netsuite.clear();
    expect(await pushExecute(deps, id)).toMatchObject({ status: "applied" });
    expect(await pushVerify(proofDeps(deps), id)).toMatchObject({ verified: true });

    // And back again, by the stored inverse: asked for, approved by somebody else, proven by its value.
    const undo = await pushUndo(deps, finance, id);
    expect(undo.proposal.changes).toEqual(
      (await pushShow(store, id)).proposal.changes.map((c) => ({ field: c.field, from: c.to, to: c.from })),
    );
    await expect(pushApprove(deps, finance, undo.id)).rejects.toMatchObject({
      code: "push.approve-forbidden",
    });
    await pushApprove(deps, approver, undo.id);
    expect(await pushExecute(deps, undo.id)).toMatchObject({ status: "applied" });
    expect(await pushVerify(proofDeps(deps), undo.id)).toMatchObject({ verified: true });
    await reconcile(store, deps, { mode: "full", rules: ["ASG-03"] });
    await reconcile(store, deps, { mode: "full", rules: ["ASG-03"] });
  });
});
