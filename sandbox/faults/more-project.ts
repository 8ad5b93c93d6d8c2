/** Faults and near misses in projects whose answers are worked out (see sandbox/answers). */
import { addDays } from "#core/time";
import { weekday, weekStart } from "../firm/calendar.ts";
import type { Person, Project } from "../firm/model.ts";
import { CLOSED_JOB, CONSULTING_ITEM, jobRow, SUBSIDIARY_IDS } from "../firm/netsuite-rows.ts";
import { projectRow } from "../firm/salesforce-rows.ts";
import type { Row } from "../vendor-store.ts";
import type { Planting } from "./planting.ts";
import { post, sceneFor, work } from "./scene.ts";

const EACH = 2;

function orphaned(planting: Planting): void {
  const { stores, ns, office, byHand, settled, firm } = planting;
  const { projects, people } = sceneFor(planting, "faults in orphaned projects");
  /** A project of both systems that is deleted in the PSA; its ids there. */
  const abandon = (code: string, n: number, erp: Row = {}) => {
    const like = projects[n % projects.length] as Project;
    const own = { ...projectRow(like, stores.salesforceIds), Name: code, Project_Code__c: code };
    const key = stores.salesforce.write("pse__Proj__c", null, own, office("delivery", settled()));
    const job = { ...jobRow(like, key, stores.netsuiteIds), entityId: code, companyName: code, ...erp };
    const id = stores.netsuite.write("job", null, job, byHand(settled()));
    stores.salesforce.remove("pse__Proj__c", key, office("delivery", settled()));
    return { key, id, like };
  };
  for (const n of [0, 1]) {
    const { key, id, like } = abandon(`GONE-00${n + 1}`, n);
    const person = (people.find((p) => p.entity === like.entity) ?? people[0]) as Person;
    const line = {
      externalId: null,
      employee: ns(person.id),
      customer: id,
      item: CONSULTING_ITEM,
      tranDate: addDays(firm.today, -3),
      hours: "3.25",
      isBillable: false,
      approvalStatus: "3",
      timeType: "A",
      subsidiary: SUBSIDIARY_IDS[like.entity],
      memo: "Entered by hand",
    };
    if (n === 0) stores.netsuite.write("timeBill", null, line, byHand(settled()));
    planting.expect({
      rule: "PRJ-02",
      comparison: "running-projects",
      key,
      story: "Deleted in the PSA and left open in the ERP.",
    });
  }
  const near = (key: string, why: string) =>
    planting.nearMisses.push({
      rule: "PRJ-02",
      comparison: "running-projects",
      key,
      why,
      pendingUntil: null,
    });
  near(
    abandon("GONE-003", 2, { entityStatus: CLOSED_JOB }).key,
    "Deleted in the PSA, and closed in the ERP.",
  );
  near(abandon("GONE-004", 3, { isInactive: true }).key, "Deleted in the PSA, and inactive in the ERP.");
}

function dimensions(planting: Planting): void {
  const { stores, sf, ns, byHand, settled } = planting;
  const { projects } = sceneFor(planting, "faults in dimensions");
  const change = (project: Project, fields: Row) =>
    stores.netsuite.write("job", ns(project.id), fields, byHand(settled()));
  const faults: [Project, Row, string][] = [
    [projects[0] as Project, { custentity_region: "Rest of World" }, "region"],
    [
      projects[1] as Project,
      { custentity_department: "Overhead", custentity_practice: "Internal" },
      "department and practice",
    ],
  ];
  for (const [project, fields, what] of faults) {
    change(project, fields);
    planting.expect({
      rule: "PRJ-04",
      comparison: "projects",
      key: sf(project.id),
      story: `${project.code} was moved to another ${what} in the ERP.`,
    });
  }
  const near = (project: Project, why: string) =>
    planting.nearMisses.push({
      rule: "PRJ-04",
      comparison: "projects",
      key: sf(project.id),
      why,
      pendingUntil: null,
    });
  const [blank, spelled] = projects.slice(EACH) as [Project, Project];
  change(blank, { custentity_department: null });
  near(blank, "The ERP names no department.");
  change(spelled, { custentity_practice: ` ${spelled.practice.toUpperCase()} ` });
  near(spelled, "The practice is spelled in capitals.");
}

function entities(planting: Planting): void {
  const { stores, sf, ns, byHand, settled, firm } = planting;
  const { projects } = sceneFor(planting, "faults in legal entities");
  const subsidiary = stores.netsuite.write(
    "subsidiary",
    null,
    { name: "Acme Iberia", legalName: "Acme Iberia SL", currency: "3", country: "ES", isInactive: false },
    byHand(settled()),
  );
  const other = (project: Project) => (project.entity === "US01" ? SUBSIDIARY_IDS.GB01 : SUBSIDIARY_IDS.US01);
  const faults: [Project, string, string][] = [
    [projects[0] as Project, other(projects[0] as Project), "was set up under the wrong subsidiary"],
    [projects[1] as Project, subsidiary, "was moved to a subsidiary that nobody has mapped"],
  ];
  for (const [project, to, how] of faults) {
    stores.netsuite.write("job", ns(project.id), { subsidiary: to }, byHand(settled()));
    planting.expect({
      rule: "PRJ-05",
      comparison: "projects",
      key: sf(project.id),
      story: `${project.code} ${how}.`,
    });
  }
  for (const project of firm.projects
    .filter((p) => !p.isActive && stores.netsuiteIds.has(p.id))
    .slice(0, EACH)) {
    stores.netsuite.write("job", ns(project.id), { subsidiary: other(project) }, byHand(settled()));
    planting.nearMisses.push({
      rule: "PRJ-05",
      comparison: "projects",
      key: sf(project.id),
      why: "Another subsidiary, on a project that is over.",
      pendingUntil: null,
    });
  }
}

function early(planting: Planting): void {
  const { sf } = planting;
  const { weeks } = sceneFor(planting, "faults in early time");
  const enter = ({ card, project }: (typeof weeks)[number], on: string, isBillable: boolean) => {
    const week = { ...card, weekStart: weekStart(on), day: weekday(on), hours: "2.00", isBillable };
    post(planting, work(planting, week, project), week, project);
    return sf(project.id);
  };
  for (const place of weeks.slice(0, EACH))
    planting.expect({
      rule: "PRJ-07",
      comparison: "project-starts",
      key: enter(place, addDays(place.project.startOn, -3), true),
      story: `Work on ${place.project.code} began before the project did.`,
    });
  const near = (key: string, why: string) =>
    planting.nearMisses.push({ rule: "PRJ-07", comparison: "project-starts", key, why, pendingUntil: null });
  const [first, free] = weeks.slice(EACH);
  if (first) near(enter(first, first.project.startOn, true), "Worked on the very first day.");
  if (free) near(enter(free, addDays(free.project.startOn, -2), false), "Early, and never to be billed.");
}

export const PROJECT_FAULTS: readonly ((planting: Planting) => void)[] = [
  orphaned,
  dimensions,
  entities,
  early,
];
