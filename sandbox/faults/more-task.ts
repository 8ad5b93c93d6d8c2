/** Faults and near misses in tasks whose answers are worked out (see sandbox/answers). */

import { DAY, taskClosedAt } from "../firm/calendar.ts";
import type { Project, Task } from "../firm/model.ts";
import { projectTaskRow } from "../firm/netsuite-rows.ts";
import { taskRow } from "../firm/salesforce-rows.ts";
import type { Planting } from "./planting.ts";
import { post, type Scene, sceneFor, work } from "./scene.ts";

const EACH = 2;

function missing(planting: Planting): void {
  const { stores, sf, ns, office, byHand, settled, firm } = planting;
  const { weeks } = sceneFor(planting, "faults in missing tasks");
  const add = (project: Project, name: string) => {
    const task: Task = { id: `${project.id}-${name}`, name, startOn: project.startOn, endOn: project.endOn };
    const row = taskRow(task, sf(project.id), true);
    stores.salesforceIds.set(
      task.id,
      stores.salesforce.write("pse__Project_Task__c", null, row, office("delivery", settled())),
    );
    return task;
  };
  for (const [n, { card, day, project }] of weeks.slice(0, EACH).entries()) {
    const task = add(project, `Change request ${n + 1}`);
    work(planting, { ...card, taskId: task.id, day, hours: `${n + 1}.25` }, project);
    planting.expect({
      rule: "TSK-01",
      comparison: "tasks",
      key: sf(task.id),
      story: `${project.code} got a task in the PSA that the ERP never heard of; its approved time has nowhere to go.`,
    });
  }
  const near = (key: string, why: string) =>
    planting.nearMisses.push({ rule: "TSK-01", comparison: "tasks", key, why, pendingUntil: null });
  const [unused, drafted] = weeks.slice(EACH);
  if (unused) near(sf(add(unused.project, "Not begun").id), "Nobody has booked time on the task yet.");
  if (drafted) {
    const task = add(drafted.project, "Goodwill");
    const week = { ...drafted.card, taskId: task.id, day: drafted.day, hours: "1.00", isBillable: false };
    const row = projectTaskRow(task, sf(task.id), ns(drafted.project.id), true);
    const id = stores.netsuite.write("projectTask", null, row, byHand(settled()));
    stores.netsuiteIds.set(task.id, id);
    post(planting, work(planting, week, drafted.project), week, drafted.project);
    near(sf(task.id), "The task is in the ERP, and the time on it is posted.");
  }
  if (weeks.length < EACH) throw new RangeError(`Seed ${firm.seed} has too few weeks for missing tasks`);
}

function closed(planting: Planting): void {
  const { sf, firm } = planting;
  const { weeks } = sceneFor(planting, "faults in closed tasks");
  // Before anything is planted: what is planted comes later.
  const isClosed = (t: Task) => taskClosedAt(t, firm.asOf - DAY) !== null;
  const places: (Scene["weeks"][number] & { task: Task })[] = weeks.flatMap((w) => {
    const task = w.project.tasks.find(isClosed);
    return task ? [{ ...w, task }] : [];
  });
  for (const { card, day, project, task } of places.slice(0, EACH)) {
    const week = { ...card, taskId: task.id, day, hours: "1.50" };
    post(planting, work(planting, week, project), week, project);
    planting.expect({
      rule: "TSK-02",
      comparison: "closed-tasks",
      key: sf(task.id),
      story: `Time was entered on "${task.name}" of ${project.code} after the task had been closed.`,
    });
  }
  const near = (task: Task, why: string) =>
    planting.nearMisses.push({
      rule: "TSK-02",
      comparison: "closed-tasks",
      key: sf(task.id),
      why,
      pendingUntil: null,
    });
  for (const { card, day, project, task } of places.slice(EACH, EACH + 1)) {
    const week = { ...card, taskId: task.id, day, hours: "0.75", isBillable: false };
    post(planting, work(planting, week, project), week, project);
    near(task, "Time entered after the task was closed, and never to be billed.");
  }
  for (const { project, task } of places.slice(EACH + 1, EACH + 2))
    near(task, `Closed after the last of its time had been entered on ${project.code}.`);
}

function billable(planting: Planting): void {
  const { stores, sf, ns, office, byHand, settled } = planting;
  // A change to a closed task would count as closing it.
  const named = new Set([...planting.expected, ...planting.nearMisses].map((e) => e.key));
  const scene = sceneFor(planting, "faults in billable tasks");
  const weeks = scene.weeks.filter(({ card }) => !named.has(sf(card.taskId)));
  const inErp = (task: string, nonBillableTask: boolean) =>
    stores.netsuite.write("projectTask", ns(task), { nonBillableTask }, byHand(settled()));
  for (const { card, project } of weeks.slice(0, EACH)) {
    inErp(card.taskId, true);
    planting.expect({
      rule: "TSK-03",
      comparison: "tasks",
      key: sf(card.taskId),
      story: `A task of ${project.code} was marked as not billable in the ERP.`,
    });
  }
  const near = (key: string, why: string) =>
    planting.nearMisses.push({ rule: "TSK-03", comparison: "tasks", key, why, pendingUntil: null });
  for (const { card, project } of weeks.slice(EACH, EACH + 1)) {
    const free = { Billable__c: false };
    stores.salesforce.write("pse__Project_Task__c", sf(card.taskId), free, office("delivery", settled()));
    inErp(card.taskId, true);
    near(sf(card.taskId), "Not billable any more, in both systems.");
    const own = {
      title: "Project closing",
      project: ns(project.id),
      status: "PROGRESS",
      nonBillableTask: true,
    };
    const id = stores.netsuite.write("projectTask", null, { ...own, externalId: null }, byHand(settled()));
    near(`unlinked:${id}`, "A task that finance keeps for itself.");
  }
}

export const TASK_FAULTS: readonly ((planting: Planting) => void)[] = [missing, closed, billable];
