import { describe, expect, it } from "vitest";
import type { RemedyFacts } from "#reconcile/push/proposal";
import { REMEDIES, remedyFor } from "#reconcile/push/remedies/index";

const facts = (over: Partial<RemedyFacts>): RemedyFacts => ({
  key: "k",
  comparison: "c",
  targetNativeId: "n-1",
  right: {},
  wrong: {},
  record: null,
  ...over,
});
const propose = (rule: string, comparison: string, over: Partial<RemedyFacts>) => {
  const remedy = remedyFor(rule, comparison);
  if (!remedy) throw new Error(`no remedy for ${rule}`);
  return remedy.propose(facts(over));
};

describe("remedies", () => {
  it("are one per rule and comparison", () => {
    const names = REMEDIES.map((r) => `${r.rule} ${r.comparison}`);
    expect(new Set(names).size).toBe(names.length);
    expect(remedyFor("TIM-02", "time")).toBeNull();
  });

  it("set the ERP's rate to the contract's, stating both", () => {
    expect(
      propose("RAT-02", "rates-contract-erp", { right: { rate: "225" }, wrong: { rate: "200.0000" } }),
    ).toMatchObject({
      kind: "propose",
      target: { entity: "rate_line", nativeId: "n-1", key: "k" },
      action: "update",
      changes: [{ field: "rate", from: "200.0000", to: "225" }],
    });
  });

  it("write no rate when one of the two is not known, or there is no line to write to", () => {
    expect(propose("RAT-02", "rates-contract-erp", { right: {}, wrong: { rate: "200" } }).kind).toBe(
      "decline",
    );
    expect(
      propose("RAT-02", "rates-contract-erp", {
        targetNativeId: null,
        right: { rate: "1" },
        wrong: { rate: "2" },
      }).kind,
    ).toBe("decline");
  });

  it("change only the assignment fields that differ", () => {
    expect(
      propose("ASG-03", "assignments", {
        right: { start_on: "2026-10-05", end_on: "2026-12-18", allocation_pct: "100.00" },
        wrong: { start_on: "2026-10-05", end_on: "2026-12-04", allocation_pct: "100.00" },
      }),
    ).toMatchObject({ changes: [{ field: "end_on", from: "2026-12-04", to: "2026-12-18" }] });
    expect(
      propose("ASG-03", "assignments", { right: { end_on: "2026-12-18" }, wrong: { end_on: "2026-12-18" } })
        .kind,
    ).toBe("decline");
  });

  const line = {
    project_key: "P",
    task_key: "T",
    resource_key: "E-1",
    work_on: "2026-11-12",
    hours: "7.5000",
    is_billable: "1",
    is_approved: "1",
    note: "",
  };

  it("post an approved line as a create that names everything it refers to", () => {
    const remedy = propose("TIM-01", "time", { targetNativeId: null, record: line });
    expect(remedy).toMatchObject({
      action: "create",
      target: { entity: "time_entry", nativeId: null, key: "k" },
    });
    expect(remedy.kind === "propose" && remedy.needs).toEqual([
      { entity: "project", key: "P" },
      { entity: "resource", key: "E-1" },
      { entity: "task", key: "T" },
    ]);
    expect(remedy.kind === "propose" && remedy.changes.every((c) => c.from === null)).toBe(true);
  });

  it("never post time whose approval was taken back, that vanished, or that is linked to nobody", () => {
    for (const record of [
      null,
      { ...line, is_approved: "0" },
      { ...line, resource_key: "unlinked:7" },
      { ...line, project_key: "" },
    ])
      expect(propose("TIM-01", "time", { targetNativeId: null, record }).kind).toBe("decline");
  });

  it("create a project only with a code and a known client", () => {
    const project = {
      code: "NWC-014",
      name: "Rollout",
      customer_key: "001",
      legal_entity: "US01",
      currency: "USD",
      start_on: "2026-10-01",
      end_on: "1970-01-01",
    };
    const remedy = propose("PRJ-01", "projects", { record: project });
    expect(remedy.kind === "propose" && remedy.changes.map((c) => c.field)).not.toContain("end_on");
    expect(propose("PRJ-01", "projects", { record: { ...project, code: "" } }).kind).toBe("decline");
    expect(propose("PRJ-01", "projects", { record: { ...project, customer_key: "unlinked:9" } }).kind).toBe(
      "decline",
    );
  });
});
