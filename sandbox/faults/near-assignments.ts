/** Bookings whose differences are allowed, lawful or fresh. */
import { add } from "#core/decimal";
import { addDays } from "#core/time";
import { allocationSpan } from "../firm/netsuite-rows.ts";
import { assignmentRow, scheduleRow } from "../firm/salesforce-rows.ts";
import type { Row } from "../vendor-store.ts";
import type { AssignmentTarget } from "./plan.ts";
import { type Planting, settledAfter } from "./planting.ts";

export function plantNearAssignments(planting: Planting): void {
  const { plan, stores, sf, ns, settled, office, byHand, ago, firm } = planting;
  const [dated, shared, extended, closed, offRate, freshRate] = plan.assignments.near as readonly [
    AssignmentTarget,
    AssignmentTarget,
    AssignmentTarget,
    AssignmentTarget,
    AssignmentTarget,
    AssignmentTarget,
  ];
  const near = (rule: string, key: string, why: string, pendingUntil: string | null = null) => {
    const comparison = rule === "ASG-04" ? "assignment-rates" : "assignments";
    planting.nearMisses.push({ rule, comparison, key, why, pendingUntil });
  };
  const allocate = ({ assignment: a }: AssignmentTarget, days: number, pct: number) => {
    const span = allocationSpan(
      addDays(a.startOn, -days),
      addDays(a.endOn, days),
      String(a.allocationPct + pct),
    );
    stores.netsuite.write("resourceAllocation", ns(a.id), span, byHand(settled()));
    return sf(a.id);
  };
  near("ASG-03", allocate(dated, 1, 0), "Both dates are off by exactly one day, which is allowed.");
  near("ASG-03", allocate(shared, 0, -2), "The share is off by exactly two points, which is allowed.");

  const movedAt = ago(9);
  const later = { pse__End_Date__c: addDays(extended.assignment.endOn, 21) };
  stores.salesforce.write(
    "pse__Schedule__c",
    sf(`${extended.assignment.id}-schedule`),
    later,
    office("staffing", movedAt),
  );
  near("ASG-03", sf(extended.assignment.id), "Extended minutes ago.", settledAfter(movedAt, 1));

  const shut = { pse__Status__c: "Closed" };
  stores.salesforce.write(
    "pse__Assignment__c",
    sf(closed.assignment.id),
    shut,
    office("staffing", settled()),
  );
  stores.netsuite.remove("resourceAllocation", ns(closed.assignment.id), byHand(settled()));
  near("ASG-01", sf(closed.assignment.id), "Closed in the PSA and taken out of the ERP.");

  const rebook = ({ assignment: a }: AssignmentTarget, by: string, at: number) => {
    const fields = { pse__Bill_Rate__c: add(a.billRates.at(-1)?.rate ?? "0", by) };
    stores.salesforce.write("pse__Assignment__c", sf(a.id), fields, office("staffing", at));
    return sf(a.id);
  };
  near("ASG-04", rebook(offRate, "0.005", settled()), "Off by exactly 0.005, which is allowed.");
  const rebookedAt = ago(7);
  near("ASG-04", rebook(freshRate, "-15", rebookedAt), "Rebooked minutes ago.", settledAfter(rebookedAt, 1));

  // The person is asked for again on the same project, in ways that are not due in the ERP.
  const book = (
    { assignment: a, project, person }: AssignmentTarget,
    from: string,
    to: string,
    fields: Row,
    at: number,
  ) => {
    const by = office("staffing", at);
    const schedule = stores.salesforce.write("pse__Schedule__c", null, scheduleRow(from, to, "1.60"), by);
    const row = assignmentRow(a, project, person, schedule, stores.salesforceIds);
    const changed = {
      ...row,
      pse__Percent_Allocated__c: "20",
      pse__Bill_Rate__c: a.billRates.at(-1)?.rate ?? "0",
      ...fields,
    };
    return stores.salesforce.write("pse__Assignment__c", null, changed, by);
  };
  const soon = addDays(firm.today, 9);
  const tentative = book(dated, soon, addDays(soon, 30), { pse__Status__c: "Tentative" }, settled());
  near("ASG-01", tentative, "Tentative: not firm enough for the ERP.");
  const bookedAt = ago(10);
  const fresh = book(shared, firm.today, addDays(firm.today, 30), {}, bookedAt);
  near(
    "ASG-01",
    fresh,
    "Booked minutes ago; the integration has not been round yet.",
    settledAfter(bookedAt, 1),
  );
  const over = { pse__Bill_Rate__c: "0", pse__Is_Billable__c: false };
  const past = book(offRate, addDays(firm.today, -45), addDays(firm.today, -31), over, settled());
  near("ASG-01", past, "Over for more than thirty days.");

  const person = freshRate.person;
  const moved = { Legal_Entity__c: person.entity === "US01" ? "GB01" : "US01" };
  stores.salesforce.write("Contact", sf(person.id), moved, office("delivery", settled()));
  near(
    "ASG-03",
    sf(freshRate.assignment.id),
    "The person moved to another legal entity; the booking did not change.",
  );
}
