/** Time that is billable in one system only, coded to a task kept elsewhere, or handed in and left lying. */
import { addDays } from "#core/time";
import { DAY, dateOf, HOUR } from "../firm/calendar.ts";
import type { Project, Timecard } from "../firm/model.ts";
import { createRandom } from "../firm/random.ts";
import { hoursRow, STATUS, timecardRow, timeKey } from "../firm/salesforce-rows.ts";
import { type Planting, settledAfter } from "./planting.ts";

/** Weeks that were posted days ago, are on no invoice, and that no other fault is planted on. */
function quietWeeks({ firm, plan, stores }: Planting) {
  const used = new Set(Object.values(plan.lines).flatMap((list) => list.map((l) => l.card.id)));
  const projects = new Map(firm.projects.map((p) => [p.id, p]));
  return firm.timecards.flatMap((card): { card: Timecard; project: Project; day: number }[] => {
    const project = projects.get(card.projectId);
    const day = card.hours.findIndex((h) => h !== "0.00");
    const bill = stores.netsuiteIds.get(`${card.id}|${day}`);
    return card.invoicedAt === null &&
      card.postedAt !== null &&
      card.postedAt < firm.asOf - 3 * DAY &&
      !used.has(card.id) &&
      project?.isActive &&
      project.isBillable &&
      card.isBillable &&
      !plan.withheld.has(project.id) &&
      bill !== undefined &&
      stores.netsuite.get("timeBill", bill)
      ? [{ card, project, day }]
      : [];
  });
}

function plantBillable(planting: Planting): void {
  const { firm, stores, sf, ns, settled, byHand, ago, nearMisses } = planting;
  const random = createRandom(firm.seed, "time billable in one system");
  const weeks = random.shuffled(quietWeeks(planting));
  const keyOf = (w: (typeof weeks)[number]) => timeKey(sf(w.card.id), addDays(w.card.weekStart, w.day));
  const turn = (w: (typeof weeks)[number], isBillable: boolean, at: number) =>
    stores.netsuite.write("timeBill", ns(`${w.card.id}|${w.day}`), { isBillable }, byHand(at));
  const [first, second, back, fresh] = weeks;
  for (const week of [first, second]) {
    if (!week) continue;
    turn(week, false, settled());
    planting.expect({
      rule: "TIM-05",
      comparison: "time",
      key: keyOf(week),
      story: `A day on ${week.project.code} was made not billable in the ERP.`,
    });
  }
  if (back) {
    turn(back, false, settled());
    turn(back, true, settled());
    const why = "Made not billable by mistake and billable again.";
    nearMisses.push({ rule: "TIM-05", comparison: "time", key: keyOf(back), why, pendingUntil: null });
  }
  if (fresh) {
    const at = ago(12);
    turn(fresh, false, at);
    const why = "Made not billable in the ERP minutes ago.";
    nearMisses.push({
      rule: "TIM-05",
      comparison: "time",
      key: keyOf(fresh),
      why,
      pendingUntil: settledAfter(at, 4),
    });
  }
}

function plantCoding(planting: Planting): void {
  const { firm, plan, stores, sf, ns, settled, byHand, nearMisses } = planting;
  const gone = new Set(plan.projects.missing.map((p) => p.id));
  const random = createRandom(firm.seed, "tasks under another project");
  const open = firm.projects.filter((p) => p.isActive && !p.isTemplate && !gone.has(p.id) && p.isBillable);
  const isThere = (id: string) => {
    const known = stores.netsuiteIds.get(id);
    return known !== undefined && stores.netsuite.get("projectTask", known) !== undefined;
  };
  const candidates = random.shuffled(
    open.flatMap((project) => project.tasks.filter((t) => isThere(t.id)).map((task) => ({ project, task }))),
  );
  const [first, second, back, same] = candidates;
  const move = (task: string, to: Project) =>
    stores.netsuite.write("projectTask", ns(task), { project: ns(to.id) }, byHand(settled()));
  for (const target of [first, second]) {
    const other = open.find((p) => p.entity === target?.project.entity && p.id !== target.project.id);
    if (!target || !other) continue;
    move(target.task.id, other);
    planting.expect({
      rule: "TIM-04",
      comparison: "task-projects",
      key: sf(target.task.id),
      story: `The task ${target.task.name} of ${target.project.code} was moved to ${other.code} in the ERP.`,
    });
  }
  const other = open.find((p) => p.entity === back?.project.entity && p.id !== back.project.id);
  if (back && other) {
    move(back.task.id, other);
    move(back.task.id, back.project);
    const why = "Moved to another project and back again.";
    nearMisses.push({
      rule: "TIM-04",
      comparison: "task-projects",
      key: sf(back.task.id),
      why,
      pendingUntil: null,
    });
  }
  if (same) {
    stores.netsuite.write(
      "projectTask",
      ns(same.task.id),
      { title: `${same.task.name} (renamed)` },
      byHand(settled()),
    );
    const why = "Renamed in the ERP; it is still the same project's.";
    nearMisses.push({
      rule: "TIM-04",
      comparison: "task-projects",
      key: sf(same.task.id),
      why,
      pendingUntil: null,
    });
  }
}

function plantWaiting(planting: Planting): void {
  const { firm, stores, sf, office, nearMisses } = planting;
  const random = createRandom(firm.seed, "time left lying");
  const weeks = random.shuffled(quietWeeks(planting));
  const seen = new Set<string>();
  const [first, second, saved, sentBack] = weeks.filter(
    ({ project }) => !seen.has(project.id) && seen.add(project.id),
  );
  /** A further week of work on the same booking, long past. */
  const enter = (week: (typeof weeks)[number], status: keyof typeof STATUS, at: number) => {
    const self = office(week.card.personId, at);
    const row = timecardRow(week.card, week.project.currency, "0.00", stores.salesforceIds);
    const hours = hoursRow(["0.00", "2.25", "0.00", "1.50", "0.00", "0.00", "0.00"]);
    const id = stores.salesforce.write("pse__Timecard_Header__c", null, { ...row, ...hours }, self);
    if (status !== "Saved") stores.salesforce.write("pse__Timecard_Header__c", id, STATUS.Submitted, self);
    if (status === "Rejected")
      stores.salesforce.write("pse__Timecard_Header__c", id, STATUS.Rejected, office("delivery", at + HOUR));
  };
  const longAgo = firm.asOf - 9 * DAY;
  for (const week of [first, second]) {
    if (!week) continue;
    enter(week, "Submitted", longAgo);
    planting.expect({
      rule: "TIM-07",
      comparison: "time-waiting",
      key: sf(week.project.id),
      story: `A week on ${week.project.code} was handed in on ${dateOf(longAgo)} and nobody decided on it.`,
    });
  }
  const near = (week: (typeof weeks)[number] | undefined, status: "Saved" | "Rejected", why: string) => {
    if (!week) return;
    enter(week, status, longAgo);
    nearMisses.push({
      rule: "TIM-07",
      comparison: "time-waiting",
      key: sf(week.project.id),
      why,
      pendingUntil: null,
    });
  };
  near(saved, "Saved", "Saved long ago and never handed in.");
  near(sentBack, "Rejected", "Handed in long ago and sent back.");
}

export const TIME_FAULTS: readonly ((planting: Planting) => void)[] = [
  plantBillable,
  plantCoding,
  plantWaiting,
];
