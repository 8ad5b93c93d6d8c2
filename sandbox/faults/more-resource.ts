/** Faults and near misses in people whose answers are worked out (see sandbox/answers). */
import { add, multiply } from "#core/decimal";
import { addDays } from "#core/time";
import type { Person } from "../firm/model.ts";
import { CONTRACT_ROLES } from "../firm/names.ts";
import { type Planting, settledAfter } from "./planting.ts";
import { hire, sceneFor } from "./scene.ts";

const EACH = 2;

function missing(planting: Planting): void {
  const { people } = sceneFor(planting, "faults in missing workers");
  const [one, two, three, four] = people as [Person, Person, Person, Person];
  for (const [n, like] of [one, two].entries()) {
    const person = hire(planting, like, `E-${9_001 + n}`, { inErp: false });
    planting.expect({
      rule: "RES-01",
      comparison: "resources",
      key: person.employeeNo,
      story: "Joined and was set up in the PSA; nobody told payroll.",
    });
  }
  const near = (person: Person, why: string, pendingUntil: string | null = null) =>
    planting.nearMisses.push({
      rule: "RES-01",
      comparison: "resources",
      key: person.employeeNo,
      why,
      pendingUntil,
    });
  const gone = { pse__Is_Resource_Active__c: false };
  near(hire(planting, three, "E-9011", { inErp: false, psa: gone }), "Left before ever working.");
  const at = planting.ago(15);
  near(hire(planting, four, "E-9012", { inErp: false, at }), "Set up minutes ago.", settledAfter(at, 24));
}

function roles(planting: Planting): void {
  const { stores, ns, byHand, settled } = planting;
  const { people } = sceneFor(planting, "faults in roles");
  const grade = (person: Person, billingClass: string | null) =>
    stores.netsuite.write("employee", ns(person.id), { billingClass }, byHand(settled()));
  for (const person of people.slice(0, EACH)) {
    const other = CONTRACT_ROLES.find((r) => r !== person.role) ?? "";
    grade(person, ns(`class:${other}`));
    planting.expect({
      rule: "RES-02",
      comparison: "resources",
      key: person.employeeNo,
      story: `${person.employeeNo} is ${person.role} in the PSA and ${other} in the ERP.`,
    });
  }
  const near = (person: Person, why: string) =>
    planting.nearMisses.push({
      rule: "RES-02",
      comparison: "resources",
      key: person.employeeNo,
      why,
      pendingUntil: null,
    });
  const [blank, shouted] = people.slice(EACH) as [Person, Person];
  grade(blank, null);
  near(blank, "The ERP names no role for the person.");
  const name = ` ${shouted.role.toUpperCase().replaceAll(" ", "  ")}`;
  const loud = stores.netsuite.write("billingClass", null, { name, isInactive: false }, byHand(settled()));
  grade(shouted, loud);
  near(shouted, "The role is spelled in capitals.");
}

function costs(planting: Planting): void {
  const { stores, sf, ns, office, byHand, settled } = planting;
  const { people } = sceneFor(planting, "faults in cost rates");
  const inErp = (person: Person, laborCost: string) =>
    stores.netsuite.write("employee", ns(person.id), { laborCost }, byHand(settled()));
  for (const [n, person] of people.slice(0, EACH).entries()) {
    inErp(person, n === 0 ? add(person.costRate, "2.75") : multiply(person.costRate, "0.9"));
    planting.expect({
      rule: "RES-03",
      comparison: "cost-rates",
      key: person.employeeNo,
      story: `The pay of ${person.employeeNo} changed; the PSA still plans with the old cost.`,
    });
  }
  const near = (person: Person, why: string) =>
    planting.nearMisses.push({
      rule: "RES-03",
      comparison: "cost-rates",
      key: person.employeeNo,
      why,
      pendingUntil: null,
    });
  const [edge, small] = people.slice(EACH) as [Person, Person];
  inErp(edge, "80.00");
  const planned = { pse__Default_Cost_Rate__c: "80.40" };
  stores.salesforce.write("Contact", sf(edge.id), planned, office("delivery", settled()));
  near(edge, "Off by exactly half a percent, which is allowed.");
  inErp(small, add(small.costRate, "0.01"));
  near(small, "Off by a cent.");
}

function leavers(planting: Planting): void {
  const { stores, ns, byHand, settled, firm } = planting;
  const { people } = sceneFor(planting, "faults in leavers");
  const booked = new Set(
    firm.projects
      .filter((p) => p.isActive)
      .flatMap((p) =>
        p.assignments
          .filter((a) => a.status === "Scheduled" && a.endOn > addDays(firm.today, 5))
          .map((a) => a.personId),
      ),
  );
  const [one, two, three] = people.filter((p) => booked.has(p.id)) as [Person, Person, Person];
  const leave = (person: Person, days: number, isInactive: boolean) => {
    const fields = { releaseDate: addDays(firm.today, days), isInactive };
    stores.netsuite.write("employee", ns(person.id), fields, byHand(settled()));
  };
  for (const [person, isInactive] of [
    [one, true],
    [two, false],
  ] as const) {
    leave(person, -18, isInactive);
    planting.expect({
      rule: "RES-04",
      comparison: "leavers",
      key: person.employeeNo,
      story: `${person.employeeNo} left 18 days ago by the ERP; the PSA goes on booking them.`,
    });
  }
  const near = (person: Person, why: string) =>
    planting.nearMisses.push({
      rule: "RES-04",
      comparison: "leavers",
      key: person.employeeNo,
      why,
      pendingUntil: null,
    });
  if (three) {
    leave(three, 0, false);
    near(three, "Today is the last day.");
  }
  const free = hire(planting, one, "E-9021", { erp: { isInactive: true } });
  near(free, "Left, and booked on nothing.");
}

export const RESOURCE_FAULTS: readonly ((planting: Planting) => void)[] = [missing, roles, costs, leavers];
