/** Faults and near misses in milestones whose answers are worked out (see sandbox/answers). */
import { add } from "#core/decimal";
import { addDays } from "#core/time";
import { DAY } from "../firm/calendar.ts";
import type { Milestone } from "../firm/model.ts";
import { chargeRow, HELD_CHARGE, READY_CHARGE } from "../firm/netsuite-rows.ts";
import { createRandom } from "../firm/random.ts";
import type { Row } from "../vendor-store.ts";
import { type Planting, settledAfter } from "./planting.ts";

/** How many of each. */
const EACH = 2;

function plantMilestones(planting: Planting): void {
  const { firm, plan, stores, sf, ns, settled, byHand, ago } = planting;
  const comparison = "milestones";
  const random = createRandom(firm.seed, "milestone faults");
  const all = firm.projects
    .filter((p) => !p.isTemplate && !plan.withheld.has(p.id))
    .flatMap((p) => p.milestones);
  const billed = new Set(firm.invoices.flatMap((i) => i.lines.map((l) => l.milestoneId)));
  const accepted = all.filter((m) => m.acceptedAt !== null && m.acceptedAt < firm.asOf - 3 * DAY);
  const unbilled = random.shuffled(accepted.filter((m) => !billed.has(m.id)));
  const others = random.shuffled(accepted.filter((m) => billed.has(m.id)));
  const waiting = random.shuffled(all.filter((m) => m.acceptedAt === null));
  const more = agreements(planting);
  /** Accepted ones; a small firm has too few behind it, and agrees on more. */
  const takeAccepted = (count: number) => Array.from({ length: count }, () => others.shift() ?? more());
  const charge = (milestone: Milestone, fields: Row, at = settled()) =>
    stores.netsuite.write("charge", ns(milestone.id), fields, byHand(at));
  const expect = (rule: string, milestone: Milestone, story: string) =>
    planting.expect({ rule, comparison, key: sf(milestone.id), story });
  const near = (rule: string, milestone: Milestone, why: string, pendingUntil: string | null = null) =>
    planting.nearMisses.push({ rule, comparison, key: sf(milestone.id), why, pendingUntil });

  for (const milestone of unbilled.splice(0, 1)) {
    const at = ago(14);
    charge(milestone, { stage: HELD_CHARGE }, at);
    near("MIL-01", milestone, "Its charge was put on hold minutes ago.", settledAfter(at, 4));
  }
  for (const milestone of unbilled.splice(0, 1)) {
    charge(milestone, { stage: HELD_CHARGE });
    expect("MIL-01", milestone, "The client accepted it, and its charge is still on hold.");
  }
  for (const milestone of takeAccepted(EACH)) {
    stores.netsuite.remove("charge", ns(milestone.id), byHand(settled()));
    expect("MIL-01", milestone, "Its charge was deleted in the ERP.");
  }
  for (const milestone of takeAccepted(1)) {
    charge(milestone, { amount: add(milestone.amount, "500"), rate: add(milestone.amount, "500") });
    expect("MIL-03", milestone, "The charge is 500 more than was agreed.");
  }
  for (const milestone of takeAccepted(1)) {
    charge(milestone, { chargeDate: addDays(milestone.dueOn, 31) });
    expect("MIL-03", milestone, "The charge was moved to the month after.");
  }
  for (const milestone of takeAccepted(1)) {
    charge(milestone, { amount: add(milestone.amount, "0.01") });
    near("MIL-03", milestone, "The amount is off by exactly one cent, which is allowed.");
  }
  for (const milestone of waiting.splice(0, EACH)) {
    charge(milestone, { stage: READY_CHARGE });
    expect("MIL-04", milestone, "Its charge was released before the client accepted it.");
  }
  for (const milestone of waiting.splice(0, EACH))
    near("MIL-04", milestone, "Not accepted, and its charge waits on hold.");
}

/** Each call adds a milestone to a project sold at a fixed price: accepted days ago, and ready to be billed in the ERP. */
function agreements({ firm, plan, stores, sf, settled, office, byHand }: Planting): () => Milestone {
  const random = createRandom(firm.seed, "milestones agreed on later");
  const projects = firm.projects.filter(
    (p) => p.billingType === "Fixed Price" && !p.isTemplate && !plan.withheld.has(p.id),
  );
  let count = 0;
  return () => {
    const project = random.pick(projects);
    const name = `Change request ${++count}`;
    const milestone: Milestone = {
      id: `${project.id}-later-${count}`,
      name,
      amount: `${random.int(20, 90)}000.00`,
      dueOn: addDays(firm.today, -9),
      acceptedAt: settled(),
    };
    const accepted = {
      Name: name,
      pse__Project__c: sf(project.id),
      pse__Milestone_Amount__c: milestone.amount,
      pse__Target_Date__c: milestone.dueOn,
      pse__Actual_Date__c: milestone.dueOn,
      pse__Status__c: "Approved",
      pse__Approved__c: true,
      pse__Include_In_Financials__c: true,
      pse__Billed__c: false,
      pse__Invoiced__c: false,
      CurrencyIsoCode: project.currency,
    };
    const id = stores.salesforce.write("pse__Milestone__c", null, accepted, office("delivery", settled()));
    stores.salesforceIds.set(milestone.id, id);
    const row = { ...chargeRow(project, milestone, id, stores.netsuiteIds), stage: READY_CHARGE };
    stores.netsuiteIds.set(milestone.id, stores.netsuite.write("charge", null, row, byHand(settled())));
    return milestone;
  };
}

export const MILESTONE_FAULTS: readonly ((planting: Planting) => void)[] = [plantMilestones];
