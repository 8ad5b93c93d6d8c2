/** Faults and near misses in milestones whose answers are worked out (see sandbox/answers). */
import { add } from "#core/decimal";
import { addDays } from "#core/time";
import { DAY } from "../firm/calendar.ts";
import type { Milestone } from "../firm/model.ts";
import { HELD_CHARGE, READY_CHARGE } from "../firm/netsuite-rows.ts";
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
  for (const milestone of others.splice(0, EACH)) {
    stores.netsuite.remove("charge", ns(milestone.id), byHand(settled()));
    expect("MIL-01", milestone, "Its charge was deleted in the ERP.");
  }
  for (const milestone of others.splice(0, 1)) {
    charge(milestone, { amount: add(milestone.amount, "500"), rate: add(milestone.amount, "500") });
    expect("MIL-03", milestone, "The charge is 500 more than was agreed.");
  }
  for (const milestone of others.splice(0, 1)) {
    charge(milestone, { chargeDate: addDays(milestone.dueOn, 31) });
    expect("MIL-03", milestone, "The charge was moved to the month after.");
  }
  for (const milestone of others.splice(0, 1)) {
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

export const MILESTONE_FAULTS: readonly ((planting: Planting) => void)[] = [plantMilestones];
