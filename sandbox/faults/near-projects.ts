/** Projects that differ in ways nobody need look at, or that changed too recently to judge. */
import { addDays } from "#core/time";
import type { Project } from "../firm/model.ts";
import { AWARDED_JOB, CLOSED_JOB, jobRow } from "../firm/netsuite-rows.ts";
import { projectRow } from "../firm/salesforce-rows.ts";
import type { Row } from "../vendor-store.ts";
import { type Planting, settledAfter } from "./planting.ts";

export function plantNearProjects(planting: Planting): void {
  const { plan, stores, sf, ns, settled, office, byHand, ago, firm } = planting;
  const [spelled, dated, renamed, recoded, replanned] = plan.projects.near as readonly [
    Project,
    Project,
    Project,
    Project,
    Project,
  ];
  const near = (rule: string, key: string, why: string, pendingUntil: string | null = null) =>
    planting.nearMisses.push({ rule, comparison: "projects", key, why, pendingUntil });
  const inPsa = (project: Project, fields: Row, at: number) =>
    stores.salesforce.write("pse__Proj__c", sf(project.id), fields, office("delivery", at));

  stores.netsuite.write(
    "job",
    ns(spelled.id),
    { entityId: ` ${spelled.code.toLowerCase()} ` },
    byHand(settled()),
  );
  near("PRJ-03", sf(spelled.id), "The codes differ in case and blanks only.");

  const dayOff = { startDate: addDays(dated.startOn, -1), projectedEndDate: addDays(dated.endOn, 1) };
  stores.netsuite.write("job", ns(dated.id), dayOff, byHand(settled()));
  near("PRJ-08", sf(dated.id), "Both dates are off by exactly one day, which is allowed.");

  inPsa(renamed, { Name: `${renamed.name} (phase 2)` }, settled());
  near("PRJ-03", sf(renamed.id), "Renamed in the PSA; names are not compared, the code is unchanged.");

  const recodedAt = ago(12);
  inPsa(recoded, { Project_Code__c: `${recoded.code}B` }, recodedAt);
  near("PRJ-03", sf(recoded.id), "The code was changed minutes ago.", settledAfter(recodedAt, 4));

  const replannedAt = ago(5 * 60);
  inPsa(replanned, { pse__End_Date__c: addDays(replanned.endOn, 28) }, replannedAt);
  near("PRJ-08", sf(replanned.id), "The end was moved this morning.", settledAfter(replannedAt, 24));

  const template = firm.projects.find((p) => p.isTemplate);
  if (template)
    near("PRJ-01", sf(template.id), "A template: active and billable, and never meant for the ERP.");
  for (const project of firm.projects.filter((p) => !p.isBillable).slice(0, 1))
    near("PRJ-01", sf(project.id), "Not billable in the PSA, a project in the ERP all the same.");

  const like = plan.projects.near[0] as Project;
  const create = (name: string, code: string, fields: Row, at: number) => {
    const row = { ...projectRow(like, stores.salesforceIds), Name: name, Project_Code__c: code, ...fields };
    return stores.salesforce.write("pse__Proj__c", null, row, office("delivery", at));
  };
  const newAt = ago(8);
  const started = create("Just won", "NEW-001", { pse__Start_Date__c: addDays(firm.today, 3) }, newAt);
  near(
    "PRJ-01",
    started,
    "Set up minutes ago; the integration has not been round yet.",
    settledAfter(newAt, 1),
  );

  const held = { pse__Stage__c: "On Hold", pse__Is_Active__c: false };
  near("PRJ-01", create("On hold", "HOLD-001", held, settled()), "Not active, so not due in the ERP.");

  const cancelled = create("Cancelled", "CANC-001", {}, settled());
  const job = {
    ...jobRow(like, cancelled, stores.netsuiteIds),
    entityId: "CANC-001",
    companyName: "Cancelled",
  };
  const jobId = stores.netsuite.write("job", null, job, byHand(settled()));
  const gone = { pse__Stage__c: "Canceled", pse__Is_Active__c: false };
  stores.salesforce.write("pse__Proj__c", cancelled, gone, office("delivery", settled()));
  stores.netsuite.remove("job", jobId, byHand(settled()));
  near("PRJ-01", cancelled, "Cancelled in the PSA and deleted in the ERP.");
}

/** Projects that look closed on one side to those who read the words, or were closed too recently to judge. */
export function plantNearStates(planting: Planting): void {
  const { plan, stores, sf, ns, settled, office, byHand, ago, firm } = planting;
  const [held, awarded, closed] = plan.states.near as readonly [Project, Project, Project];
  const near = (project: Project, why: string, pendingUntil: string | null = null) =>
    planting.nearMisses.push({
      rule: "PRJ-06",
      comparison: "project-status",
      key: sf(project.id),
      why,
      pendingUntil,
    });

  const stage = { pse__Stage__c: "On Hold" };
  stores.salesforce.write("pse__Proj__c", sf(held.id), stage, office("delivery", settled()));
  near(held, "On hold in words, yet active: open on both sides.");

  stores.netsuite.write("job", ns(awarded.id), { entityStatus: AWARDED_JOB }, byHand(settled()));
  near(awarded, "The ERP's status has another word for open.");

  const closedAt = ago(20);
  stores.netsuite.write("job", ns(closed.id), { entityStatus: CLOSED_JOB }, byHand(closedAt));
  near(closed, "Closed in the ERP minutes ago.", settledAfter(closedAt, 4));

  for (const project of firm.projects.filter((p) => !p.isBillable && p.isActive).slice(0, 1)) {
    stores.netsuite.write("job", ns(project.id), { entityStatus: CLOSED_JOB }, byHand(settled()));
    near(project, "Closed in the ERP, and nothing on it is billed.");
  }
}
