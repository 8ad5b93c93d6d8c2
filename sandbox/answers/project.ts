/** The answers of the rules about projects. */
import { multiply, sum } from "#core/decimal";
import { stake, unbilledProjectStake } from "../faults/stakes.ts";
import type { Stake } from "../faults/truth.ts";
import { SUBSIDIARY_IDS } from "../firm/netsuite-rows.ts";
import type { Row } from "../vendor-store.ts";
import type { Answer, Evaluate, Evidence } from "./answer.ts";
import { byExternalId, changedAt, groupBy, isSettled, liveRows, openLines, worth } from "./delivery-facts.ts";

const isOpenJob = (job: Row) => job.entityStatus !== "1" && job.isInactive !== true;

/** Hours booked in the ERP at what the people cost; null when the cost of one of them is not known in the project's currency. */
function costBooked({ books, stores, firm }: Evidence, job: Row): Stake | null {
  const currency = { "1": "USD", "2": "GBP", "3": "EUR" }[String(job.currency)] ?? "";
  const entities = new Map(firm.people.map((p) => [p.employeeNo, p.currency as string]));
  const costs = [...stores.netsuite.rows("timeBill")]
    .filter((t) => t.customer === job.id && t.timeType === "A" && t.approvalStatus !== "4")
    .map((t) => {
      const employee = String(stores.netsuite.get("employee", String(t.employee))?.externalId ?? "");
      const rate = books.resources.get(employee)?.costRate ?? null;
      return rate === null || entities.get(employee) !== currency ? null : multiply(rate, String(t.hours));
    });
  return costs.some((c) => c === null) ? null : stake(sum(costs.filter((c) => c !== null)), currency);
}

const orphaned: Evaluate = (evidence) =>
  [...byExternalId(evidence.stores.netsuite, "job")].flatMap(([key, jobs]): Answer[] => {
    const open = jobs.filter(isOpenJob);
    const [job] = open;
    if (!job || open.length > 1 || evidence.books.psaProjects.has(key)) return [];
    if (!isSettled(evidence, 24, [changedAt(job)])) return [];
    const money = costBooked(evidence, job);
    return [{ rule: "PRJ-02", comparison: "running-projects", key, kind: "missing_left", fields: [], money }];
  });

const words = (text: unknown) =>
  String(text ?? "")
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .join(" ");

/** Active billable projects that both systems hold once, with both rows. */
function pairs({ books, stores }: Evidence) {
  const jobs = byExternalId(stores.netsuite, "job");
  return [...books.psaProjects.values()].flatMap((project) => {
    const [job, other] = jobs.get(project.id) ?? [];
    const row = stores.salesforce.get("pse__Proj__c", project.id);
    if (!job || other || !row || !project.isActive || !project.isBillable || project.isTemplate) return [];
    return [{ project, row, job }];
  });
}

const dimensions: Evaluate = (evidence) =>
  pairs(evidence).flatMap(({ project, row, job }): Answer[] => {
    const { salesforce } = evidence.stores;
    const named = (object: string, id: unknown) => salesforce.get(object, String(id ?? ""))?.Name;
    const sides: [string, unknown, unknown][] = [
      ["department", named("pse__Grp__c", row.pse__Group__c), job.custentity_department],
      ["practice", named("pse__Practice__c", row.pse__Practice__c), job.custentity_practice],
      ["region", named("pse__Region__c", row.pse__Region__c), job.custentity_region],
    ];
    const fields = sides
      .filter(([, l, r]) => words(l) !== "" && words(r) !== "" && words(l) !== words(r))
      .map(([name]) => name);
    if (fields.length === 0 || !isSettled(evidence, 4, [changedAt(row), changedAt(job)])) return [];
    // Nothing is lost, only misreported.
    const money = stake("0", project.currency);
    return [
      {
        rule: "PRJ-04",
        comparison: "projects",
        key: project.id,
        kind: "mismatch",
        fields,
        money,
      },
    ];
  });

const entity: Evaluate = (evidence) =>
  pairs(evidence).flatMap(({ project, row, job }): Answer[] => {
    const codes = new Map(Object.entries(SUBSIDIARY_IDS).map(([code, id]) => [id as string, code]));
    if (codes.get(String(job.subsidiary)) === project.entity) return [];
    if (!isSettled(evidence, 1, [changedAt(row), changedAt(job)])) return [];
    return [
      {
        rule: "PRJ-05",
        comparison: "projects",
        key: project.id,
        kind: "mismatch",
        fields: ["legal_entity"],
        money: unbilledProjectStake(evidence.books, project.id),
      },
    ];
  });

const early: Evaluate = (evidence) => {
  const lines = groupBy(openLines(evidence), (l) => l.project);
  return liveRows(evidence.stores.salesforce, "pse__Proj__c").flatMap((row): Answer[] => {
    const key = String(row.Id);
    const start = String(row.pse__Start_Date__c ?? "");
    const before = (lines.get(key) ?? []).filter((l) => l.on < start);
    if (row.pse__Is_Billable__c !== true || row.pse__Is_Template__c === true || before.length === 0)
      return [];
    if (!isSettled(evidence, 1, [changedAt(row), ...before.map((l) => l.changedAt)])) return [];
    return [
      {
        rule: "PRJ-07",
        comparison: "project-starts",
        key,
        kind: "mismatch",
        fields: ["early_lines"],
        money: worth(evidence.books, before, String(row.CurrencyIsoCode)),
      },
    ];
  });
};

export const PROJECT_ANSWERS: readonly Evaluate[] = [orphaned, dimensions, entity, early];
