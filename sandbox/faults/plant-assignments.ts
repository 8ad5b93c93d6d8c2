/** Bookings the ERP lacks or plans differently, bookings at a rate nobody signed, and allocations that belong to no booking. */
import { add, subtract } from "#core/decimal";
import { addDays } from "#core/time";
import { allocationRow, allocationSpan } from "../firm/netsuite-rows.ts";
import type { Books, PsaAssignment } from "./books.ts";
import type { Planting } from "./planting.ts";
import { bookedRateStake, missingAssignmentStake, movedAssignmentStake } from "./stakes.ts";

export function plantAssignments(planting: Planting): void {
  const { plan, stores, sf, ns, faults, settled, office, byHand, firm } = planting;
  for (const { assignment, person, project } of plan.assignments.missing) {
    const key = sf(assignment.id);
    planting.absent("resourceAllocation", assignment.id);
    faults.push({
      rule: "ASG-01",
      comparison: "assignments",
      key,
      kind: "missing_right",
      fields: [],
      story: `${person.firstName} ${person.lastName}'s booking on ${project.code} never reached the ERP.`,
      money: (books, today) => missingAssignmentStake(books, booked(books, key), today),
    });
  }
  for (const [n, { assignment, person, project }] of plan.assignments.moved.entries()) {
    const key = sf(assignment.id);
    const pct = assignment.allocationPct;
    const erp = [
      { startOn: assignment.startOn, endOn: addDays(assignment.endOn, -10), pct: String(pct) },
      { startOn: assignment.startOn, endOn: assignment.endOn, pct: String(pct > 50 ? pct - 20 : pct + 20) },
      { startOn: addDays(assignment.startOn, 7), endOn: addDays(assignment.endOn, 14), pct: String(pct) },
    ][n % 3] as { startOn: string; endOn: string; pct: string };
    const span = allocationSpan(erp.startOn, erp.endOn, erp.pct);
    stores.netsuite.write("resourceAllocation", ns(assignment.id), span, byHand(settled()));
    const compared: [string, string, string][] = [
      ["start_on", erp.startOn, assignment.startOn],
      ["end_on", erp.endOn, assignment.endOn],
      ["allocation_pct", erp.pct, String(pct)],
    ];
    const changes = compared
      .filter(([, from, to]) => from !== to)
      .map(([field, from, to]) => ({ field, from, to }));
    faults.push({
      rule: "ASG-03",
      comparison: "assignments",
      key,
      kind: "mismatch",
      fields: changes.map((c) => c.field),
      story: `${person.firstName} ${person.lastName}'s allocation on ${project.code} was edited in the ERP.`,
      money: (books, today) => movedAssignmentStake(books, booked(books, key), erp, today),
      push: () => ({ targetRole: "erp", entity: "assignment", action: "update", key, changes }),
    });
  }
  for (const [n, { assignment, person, project }] of plan.assignments.rate.entries()) {
    const key = sf(assignment.id);
    const rate = assignment.billRates.at(-1)?.rate ?? "0";
    const wrong = n % 2 === 0 ? subtract(rate, "10") : add(rate, "7.5");
    const fields = { pse__Bill_Rate__c: wrong };
    stores.salesforce.write("pse__Assignment__c", key, fields, office("staffing", settled()));
    faults.push({
      rule: "ASG-04",
      comparison: "assignment-rates",
      key,
      kind: "mismatch",
      fields: ["rate"],
      story: `${person.firstName} ${person.lastName} is booked on ${project.code} at ${wrong}, signed is ${rate}.`,
      money: (books, today) => bookedRateStake(books, booked(books, key), today),
    });
  }
  for (const { assignment } of plan.assignments.repeated) {
    const extra = {
      ...allocationRow(assignment, assignment.endOn, null, stores.netsuiteIds),
      ...allocationSpan(addDays(firm.today, 1), addDays(firm.today, 14), "20"),
      notes: "Added by hand",
    };
    stores.netsuite.write("resourceAllocation", null, extra, byHand(settled()));
  }
  faults.push({
    rule: "SYS-03",
    comparison: "assignments",
    key: "assignments|right|unlinked",
    kind: "unlinked",
    fields: [],
    story: "Allocations were added in the ERP by hand; they name no booking of the PSA.",
  });
}

function booked(books: Books, id: string): PsaAssignment {
  const assignment = books.psaAssignments.get(id);
  if (!assignment) throw new RangeError(`No assignment ${id}`);
  return assignment;
}
