import { describe, expect, it } from "vitest";
import type { Role } from "#core/roles";
import type { Writer } from "#ingest/connector";
import { comparisonById } from "#reconcile/explain";
import type { RemedyFacts } from "#reconcile/push/proposal";
import { canCorrect, REMEDIES, remedyFor } from "#reconcile/push/remedies/index";
import { ruleById } from "#reconcile/rules/index";

const facts = (over: Partial<RemedyFacts>): RemedyFacts => ({
  right: {},
  wrong: {},
  record: null,
  target: null,
  ...over,
});
const propose = (rule: string, comparison: string, over: Partial<RemedyFacts>, record?: Role) => {
  const left = comparisonById(comparison)?.left.role;
  const remedy = left && remedyFor(rule, comparison, record ?? left);
  if (!remedy) throw new Error(`no remedy for ${rule}`);
  return remedy.propose(facts(over));
};

describe("remedies", () => {
  it("are one per rule, comparison and system of record, and correct the other side", () => {
    const names = REMEDIES.map((r) => `${r.rule} ${r.comparison} ${r.record}`);
    expect(new Set(names).size).toBe(names.length);
    expect(remedyFor("TIM-02", "time", "psa")).toBeNull();
    expect(remedyFor("RAT-02", "rates-contract-erp", "erp")).toBeNull();
    for (const { rule, comparison, record, corrects } of REMEDIES) {
      const sides = comparisonById(comparison);
      expect([sides?.left.role, sides?.right.role].toSorted()).toEqual([record, corrects.role].toSorted());
      expect(ruleById(rule)?.claims.some((c) => c.comparison === comparison)).toBe(true);
    }
  });

  it("can be made only by a writer that says it can do that to that kind of record", () => {
    const remedy = remedyFor("TIM-03", "time", "psa");
    if (!remedy) throw new Error("no remedy");
    const writer = (can: Writer["can"]) => ({ can });
    expect(canCorrect({ writer: null }, remedy)).toBe(false);
    expect(canCorrect({ writer: writer({ time_entry: ["create"], project: ["update"] }) }, remedy)).toBe(
      false,
    );
    expect(canCorrect({ writer: writer({ time_entry: ["create", "update"] }) }, remedy)).toBe(true);
  });

  it.each([
    ["rates-contract-erp", "erp"],
    ["project-prices", "erp"],
    ["rates-contract-psa", "psa"],
  ])("of %s set the rate to the contract's, stating both", (comparison, role) => {
    expect(
      propose("RAT-02", comparison, { right: { rate: "225" }, wrong: { rate: "200.0000" } }),
    ).toMatchObject({
      kind: "propose",
      changes: [{ field: "rate", from: "200.0000", to: "225" }],
    });
    expect(remedyFor("RAT-02", comparison, "crm")?.corrects).toEqual({
      role,
      entity: "rate_line",
      action: "update",
    });
    expect(propose("RAT-02", comparison, { right: {}, wrong: { rate: "200" } }).kind).toBe("decline");
  });

  it.each<[Role, Role]>([
    ["psa", "erp"],
    ["erp", "psa"],
  ])("change only the assignment fields that differ, with the %s right those of the %s", (record, target) => {
    const right = { start_on: "2026-10-05", end_on: "2026-12-18", allocation_pct: "100.00" };
    const wrong = { start_on: "2026-10-05", end_on: "2026-12-04", allocation_pct: "100" };
    expect(propose("ASG-03", "assignments", { right, wrong }, record)).toMatchObject({
      changes: [{ field: "end_on", from: "2026-12-04", to: "2026-12-18" }],
    });
    expect(remedyFor("ASG-03", "assignments", record)?.corrects.role).toBe(target);
    expect(propose("ASG-03", "assignments", { right, wrong: right }, record).kind).toBe("decline");
    expect(
      propose("ASG-03", "assignments", { right, wrong: { ...right, end_on: "1970-01-01" } }, record),
    ).toMatchObject({ changes: [{ field: "end_on", from: null, to: "2026-12-18" }] });
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
    const remedy = propose("TIM-01", "time", { record: line });
    expect(remedyFor("TIM-01", "time", "psa")?.corrects).toEqual({
      role: "erp",
      entity: "time_entry",
      action: "create",
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
      expect(propose("TIM-01", "time", { record }).kind).toBe("decline");
    // Nor where the ERP is right: a line it does not have is then none.
    expect(remedyFor("TIM-01", "time", "erp")).toBeNull();
  });

  describe("of a line that differs", () => {
    const compared = {
      hours: "8",
      work_on: "2026-11-12",
      project_key: "P",
      resource_key: "E-1",
      task_key: "T",
    };
    const correct = (
      right: object,
      wrong: object,
      {
        record = "psa",
        note = ["", ""],
        over = {},
      }: { record?: Role; note?: [string, string]; over?: object } = {},
    ) =>
      propose(
        "TIM-03",
        "time",
        {
          right: { ...compared, ...right },
          wrong: { ...compared, ...wrong },
          record: { ...line, note: note[0], ...over },
          target: { ...line, note: note[1] },
        },
        record,
      );

    it.each<Role>(["psa", "erp"])(
      "take the %s's values of what differs, and refer to old and new",
      (record) => {
        expect(correct({}, { hours: "6.5", work_on: "2026-11-13" }, { record })).toMatchObject({
          tier: "H",
          changes: [
            { field: "hours", from: "6.5", to: "8" },
            { field: "work_on", from: "2026-11-13", to: "2026-11-12" },
          ],
          needs: [],
        });
        expect(correct({ task_key: "" }, { project_key: "Q" }, { record })).toMatchObject({
          changes: [
            { field: "project_key", from: "Q", to: "P" },
            { field: "task_key", from: "T", to: null },
          ],
          needs: [
            { entity: "project", key: "Q" },
            { entity: "project", key: "P" },
            { entity: "task", key: "T" },
          ],
        });
      },
    );

    it("take a note that says something else along, on one line, and never go for a note alone", () => {
      expect(correct({}, { hours: "6" }, { note: ["Built\nthe  thing ", "Built the thing"] })).toMatchObject({
        changes: [{ field: "hours" }],
      });
      expect(correct({}, { hours: "6" }, { note: ["Built\nmore", ""] })).toMatchObject({
        changes: [{ field: "hours" }, { field: "note", from: null, to: "Built more" }],
      });
      expect(correct({}, {}, { note: ["a", "b"] })).toEqual({
        kind: "decline",
        reason: "Both systems hold the same line now; nothing to write.",
      });
    });

    it("never move hours to another person, nor to what has no counterpart, nor go by a line that is not approved", () => {
      const reason = (remedy: ReturnType<typeof propose>) => (remedy.kind === "decline" ? remedy.reason : "");
      for (const record of ["psa", "erp"] as const)
        expect(reason(correct({}, { resource_key: "E-2", hours: "2" }, { record }))).toContain(
          "never moved to another person",
        );
      expect(reason(correct({ project_key: "unlinked:7" }, {}))).toContain(
        "The line's project has no counterpart",
      );
      expect(reason(correct({ task_key: "unlinked:7" }, {}))).toContain("The line's task has no counterpart");
      expect(reason(correct({ project_key: "" }, {}))).toContain("The line's project has no counterpart");
      expect(reason(correct({}, { hours: "2" }, { over: { is_approved: "0" } }))).toContain(
        "no longer approved",
      );
      expect(propose("TIM-03", "time", { right: compared, wrong: { ...compared, hours: "2" } }).kind).toBe(
        "decline",
      );
    });

    it("may point away from what is linked to nothing", () => {
      expect(correct({}, { project_key: "unlinked:9" })).toMatchObject({
        changes: [{ field: "project_key", from: "unlinked:9", to: "P" }],
      });
    });
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

  it("open a project in finance or close it in delivery, and leave the rest to whoever it is up to", () => {
    const status = (psa: string, erp: string, record: Role) => {
      const [right, wrong] = record === "psa" ? [psa, erp] : [erp, psa];
      return propose(
        "PRJ-06",
        "project-status",
        { right: { status: right }, wrong: { status: wrong } },
        record,
      );
    };
    expect(status("open", "closed", "psa")).toMatchObject({
      tier: "H",
      changes: [{ field: "is_active", from: "0", to: "1" }],
    });
    expect(status("open", "closed", "erp")).toMatchObject({
      tier: "H",
      changes: [{ field: "is_active", from: "1", to: "0" }],
    });
    expect(status("closed", "open", "psa")).toMatchObject({
      kind: "decline",
      reason: expect.stringContaining("financial close is finance's act"),
    });
    expect(status("closed", "open", "erp")).toMatchObject({ kind: "decline" });
  });
});
