/** Time that was approved and not posted, posted and not approved, posted differently, posted twice, or posted for nobody. */
import { add, subtract } from "#core/decimal";
import { addDays } from "#core/time";
import { timeBillRow } from "../firm/netsuite-rows.ts";
import { STATUS, timeKey } from "../firm/salesforce-rows.ts";
import type { Row } from "../vendor-store.ts";
import type { Books, ErpLine, PsaLine } from "./books.ts";
import { type LineTarget, lineDate, lineId, otherDays } from "./plan.ts";
import type { PlannedFault, Planting } from "./planting.ts";
import { differentLineStake, missingLineStake, repeatedLineStake, unapprovedLineStake } from "./stakes.ts";
import type { PlantedPush } from "./truth.ts";

export function plantTime(planting: Planting): void {
  const { plan, stores, sf, ns, faults, settled, office, byHand } = planting;
  const { lines } = plan;
  for (const target of [...lines.missing, ...lines.missingUnpriced, ...lines.missingNonBillable]) {
    const key = keyOf(planting, target);
    planting.absent("timeBill", lineId(target));
    faults.push({
      rule: "TIM-01",
      comparison: "time",
      key,
      kind: "missing_right",
      fields: [],
      story: `${who(target)} was approved and never posted.`,
      money: (books) => missingLineStake(books, psaLine(books, key)),
      push: (books) => postingOf(psaLine(books, key)),
    });
  }
  for (const target of lines.recalled) {
    const key = keyOf(planting, target);
    for (const day of otherDays(target)) planting.absent("timeBill", `${target.card.id}|${day}`);
    const manager = office(target.project.managerId, settled());
    stores.salesforce.write("pse__Timecard_Header__c", sf(target.card.id), STATUS.Rejected, manager);
    faults.push({
      rule: "TIM-02",
      comparison: "time",
      key,
      kind: "missing_left",
      fields: [],
      story: `${who(target)} had been posted when the week's approval was taken back.`,
      money: (books) => unapprovedLineStake(books, erpLine(books, key)),
    });
  }
  const change = (target: LineTarget, fields: Row, differing: string[], story: string) => {
    stores.netsuite.write("timeBill", ns(lineId(target)), fields, byHand(settled()));
    faults.push(different(keyOf(planting, target), differing, `${who(target)} ${story}`));
  };
  for (const [n, target] of lines.hours.entries()) {
    const hours = target.card.hours[target.day] ?? "0";
    const wrong = n % 2 === 0 ? add(hours, "1.5") : subtract(hours, "0.25");
    change(target, { hours: wrong }, ["hours"], `shows ${wrong} hours in the ERP.`);
  }
  for (const target of lines.date)
    change(target, { tranDate: addDays(lineDate(target), 1) }, ["work_on"], "is a day later in the ERP.");
  for (const target of lines.project) {
    const other = otherProject(planting, target);
    const fields = { customer: ns(other.id), caseTaskEvent: ns(other.tasks[0]?.id ?? "") };
    change(target, fields, ["project_key", "task_key"], `was moved to ${other.code} in the ERP.`);
  }
  for (const target of lines.twice) {
    const key = keyOf(planting, target);
    const {
      id: _id,
      externalId: _externalId,
      ...copy
    } = stores.netsuite.get("timeBill", ns(lineId(target))) ?? {};
    stores.netsuite.write("timeBill", null, copy, byHand(settled()));
    faults.push({
      rule: "TIM-06",
      comparison: "time",
      key,
      kind: "duplicate_key",
      fields: [],
      story: `${who(target)} was copied in the ERP.`,
      money: (books) =>
        repeatedLineStake(
          books,
          psaLine(books, key),
          books.erpLines.filter((l) => l.key === key && l.isPresent),
        ),
    });
  }
  for (const target of lines.unlinked) {
    const row = timeBillRow(
      target.card,
      sf(target.card.id),
      target.day,
      "1.5",
      target.project.entity,
      stores.netsuiteIds,
    );
    const byHandOnly = { ...row, externalId: null, custcol_psa_time_id: null, memo: "Entered by hand" };
    stores.netsuite.write("timeBill", null, byHandOnly, byHand(settled()));
  }
  faults.push({
    rule: "SYS-03",
    comparison: "time",
    key: "time|right|unlinked",
    kind: "unlinked",
    fields: [],
    story: "Time was entered in the ERP by hand; it names no line of the PSA.",
  });
}

export function keyOf({ sf }: Planting, target: LineTarget): string {
  return timeKey(sf(target.card.id), lineDate(target));
}

export function psaLine(books: Books, key: string): PsaLine {
  const line = books.psaLines.find((l) => l.key === key);
  if (!line) throw new RangeError(`No PSA line ${key}`);
  return line;
}

function erpLine(books: Books, key: string): ErpLine {
  const line = books.erpLines.find((l) => l.key === key && l.isPresent);
  if (!line) throw new RangeError(`No ERP line ${key}`);
  return line;
}

function different(key: string, fields: readonly string[], story: string): PlannedFault {
  return {
    rule: "TIM-03",
    comparison: "time",
    key,
    kind: "mismatch",
    fields,
    story,
    money: (books) => differentLineStake(books, psaLine(books, key), erpLine(books, key)),
  };
}

function otherProject({ firm, plan }: Planting, target: LineTarget) {
  const missing = new Set(plan.projects.missing.map((p) => p.id));
  const other = firm.projects.find(
    (p) =>
      p.id !== target.project.id &&
      p.entity === target.project.entity &&
      p.isActive &&
      !p.isTemplate &&
      !missing.has(p.id),
  );
  if (!other) throw new RangeError(`${target.project.entity} has a single project`);
  return other;
}

function postingOf(line: PsaLine): PlantedPush {
  const values: [string, string][] = [
    ["project_key", line.project],
    ["task_key", line.task],
    ["resource_key", line.resource],
    ["work_on", line.on],
    ["hours", line.hours],
    ["is_billable", line.isBillable ? "1" : "0"],
    ["note", line.note],
  ];
  const changes = values.filter(([, to]) => to !== "").map(([field, to]) => ({ field, from: null, to }));
  return { targetRole: "erp", entity: "time_entry", action: "create", key: line.key, changes };
}

function who(target: LineTarget): string {
  return `${target.person.firstName} ${target.person.lastName}'s ${lineDate(target)} on ${target.project.code}`;
}
