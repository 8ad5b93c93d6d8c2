/** Lines of time whose differences are allowed, were put right on both sides, or are on their way. */
import { add, subtract } from "#core/decimal";
import { addDays } from "#core/time";
import { HOUR, WEEKDAY_NAMES } from "../firm/calendar.ts";
import { timeBillRow } from "../firm/netsuite-rows.ts";
import { hoursRow, STATUS, timecardRow, timeKey } from "../firm/salesforce-rows.ts";
import type { Row } from "../vendor-store.ts";
import { type LineTarget, lineDate, lineId, otherDays } from "./plan.ts";
import { keyOf } from "./plant-time.ts";
import { type Planting, settledAfter } from "./planting.ts";

export function plantNearTime(planting: Planting): void {
  const { plan, stores, sf, ns, settled, office, byHand, ago, firm } = planting;
  const [rounded, corrected, zeroed, rejectedCopy, recalled, copied, split] = plan.lines.near as readonly [
    LineTarget,
    LineTarget,
    LineTarget,
    LineTarget,
    LineTarget,
    LineTarget,
    LineTarget,
  ];
  const near = (rule: string, key: string, why: string, pendingUntil: string | null = null) =>
    planting.nearMisses.push({ rule, comparison: "time", key, why, pendingUntil });
  const inPsa = (target: LineTarget, fields: Row, at: number, who = "delivery") =>
    stores.salesforce.write("pse__Timecard_Header__c", sf(target.card.id), fields, office(who, at));
  const inErp = (target: LineTarget, fields: Row, at = settled()) =>
    stores.netsuite.write("timeBill", ns(lineId(target)), fields, byHand(at));
  const hoursOf = (target: LineTarget) => target.card.hours[target.day] ?? "0";
  const day = (target: LineTarget, hours: string): Row => ({
    [`pse__${WEEKDAY_NAMES[target.day]}_Hours__c`]: hours,
    pse__Admin_Global_Edit__c: true,
    pse__Audit_Notes__c: "Corrected at the client's request",
  });

  inPsa(rounded, day(rounded, add(hoursOf(rounded), "0.01")), settled());
  near("TIM-03", keyOf(planting, rounded), "Hours are off by exactly 0.01, which is allowed.");

  const lessTime = subtract(hoursOf(corrected), "0.25");
  const manager = corrected.project.managerId;
  inPsa(corrected, { ...day(corrected, lessTime), ...STATUS.Submitted }, settled(), corrected.person.id);
  inPsa(corrected, STATUS.Approved, settled(), manager);
  inErp(corrected, { hours: lessTime });
  near("TIM-03", keyOf(planting, corrected), "Corrected, approved again, and corrected in the ERP too.");

  inPsa(zeroed, day(zeroed, "0"), settled());
  inErp(zeroed, { approvalStatus: "4" });
  near("TIM-02", keyOf(planting, zeroed), "Cancelled in the PSA and rejected in the ERP.");

  const copy = (target: LineTarget, at: number, fields: Row) => {
    const {
      id: _id,
      externalId: _externalId,
      ...row
    } = stores.netsuite.get("timeBill", ns(lineId(target))) ?? {};
    stores.netsuite.write("timeBill", null, { ...row, ...fields }, byHand(at));
  };
  copy(rejectedCopy, settled(), { approvalStatus: "4" });
  near("TIM-06", keyOf(planting, rejectedCopy), "Copied in the ERP; the copy was rejected.");

  const recalledAt = ago(11);
  inPsa(recalled, STATUS.Rejected, recalledAt, recalled.project.managerId);
  for (const n of [recalled.day, ...otherDays(recalled)])
    near(
      "TIM-02",
      keyOf(planting, { ...recalled, day: n }),
      "Recalled minutes ago.",
      settledAfter(recalledAt, 1),
    );

  const copiedAt = ago(6);
  copy(copied, copiedAt, {});
  near("TIM-06", keyOf(planting, copied), "Copied minutes ago.", settledAfter(copiedAt, 1));

  // Two tasks on one day are two lines, not one posted twice.
  const second = {
    ...split.card,
    taskId: otherTask(split),
    hours: split.card.hours.map((_, n) => (n === split.day ? "1.00" : "0.00")),
  };
  const self = office(split.person.id, settled());
  const row = {
    ...timecardRow(second, split.project.currency, "0.00", stores.salesforceIds),
    ...hoursRow(second.hours),
  };
  const header = stores.salesforce.write(
    "pse__Timecard_Header__c",
    null,
    { ...row, ...STATUS.Approved },
    self,
  );
  const bill = timeBillRow(second, header, split.day, "1.00", split.project.entity, stores.netsuiteIds);
  stores.netsuite.write("timeBill", null, bill, byHand(settled()));
  near("TIM-06", timeKey(header, lineDate(split)), "A second task on the same day, posted once.");

  // Approved within the settle time of posting, and not posted yet.
  const approvedAt = ago(70);
  const [unposted] = plan.lines.unposted as readonly [LineTarget];
  for (const n of [unposted.day, ...otherDays(unposted)]) {
    planting.absent("timeBill", `${unposted.card.id}|${n}`);
    near(
      "TIM-01",
      keyOf(planting, { ...unposted, day: n }),
      "Approved an hour ago.",
      settledAfter(approvedAt, 4),
    );
  }
  inPsa(
    unposted,
    { ...STATUS.Submitted, pse__Audit_Notes__c: "Recalled to add notes" },
    approvedAt - HOUR,
    unposted.person.id,
  );
  inPsa(unposted, STATUS.Approved, approvedAt, unposted.project.managerId);

  const planned = timeBillRow(
    split.card,
    header,
    split.day,
    "8.00",
    split.project.entity,
    stores.netsuiteIds,
  );
  const forecast = {
    ...planned,
    externalId: null,
    custcol_psa_time_id: null,
    timeType: "P",
    tranDate: addDays(firm.today, 7),
  };
  stores.netsuite.write("timeBill", null, forecast, byHand(settled()));
  near(
    "SYS-03",
    "time|right|unlinked:planned",
    "Planned time in the ERP belongs to no line of the PSA and is not compared.",
  );

  const [late] = firm.timecards
    .filter(
      (c) =>
        c.approvedAt !== null &&
        c.postedAt !== null &&
        !plan.withheld.has(c.projectId) &&
        c.invoicedAt !== null,
    )
    .sort((a, b) => lag(b) - lag(a));
  const lateDay = late?.hours.findIndex((h) => h !== "0.00") ?? -1;
  if (late && lateDay >= 0)
    near(
      "TIM-01",
      timeKey(sf(late.id), addDays(late.weekStart, lateDay)),
      "Posted hours after approval, but in time.",
    );
}

function lag(card: { approvedAt: number | null; postedAt: number | null }): number {
  return (card.postedAt ?? 0) - (card.approvedAt ?? 0);
}

function otherTask({ card, project }: LineTarget): string {
  return project.tasks.find((t) => t.id !== card.taskId)?.id ?? card.taskId;
}
