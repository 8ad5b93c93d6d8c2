/**
 * What raises an exception's severity by one: money at stake from a threshold on (by legal entity), age, a cutoff that is near. The
 * rule's own severity stays what it is; the view `exception` raises it for whoever reads, from what is put into the store here.
 */
import type { PlumblineConfig } from "#core/config";
import { equal } from "#core/decimal";
import { addDays, type Clock, type Instant, type IsoDate, instantOf } from "#core/time";
import { escalations, escalationTable } from "#sql/queries/rules";
import type { Store } from "#sql/store";

/** The row for legal entities that are not named. */
const ANY = "";

interface Level {
  legal_entity: string;
  money: string;
  opened_before: Instant;
  is_cutoff_near: boolean;
}

/** Brings the store in line with the configuration and the day. Writes nothing when nothing changed. */
export async function loadEscalation(store: Store, clock: Clock, config: PlumblineConfig): Promise<void> {
  const stored = await store.query(escalations, {});
  const changed = levelsOf(
    config,
    clock.now(),
    stored.map((s) => s.legal_entity),
  ).filter((level) => {
    const held = stored.find((s) => s.legal_entity === level.legal_entity);
    return (
      !held ||
      !equal(held.money, level.money) ||
      held.opened_before !== level.opened_before ||
      held.is_cutoff_near !== level.is_cutoff_near
    );
  });
  const at = instantOf(clock.now());
  await store.insert(
    escalationTable,
    changed.map((level) => ({ ...level, at })),
  );
}

/** A row for each legal entity named, now or before, and one for the others; none at all where nothing was ever configured. */
export function levelsOf(config: PlumblineConfig, now: number, before: readonly string[]): Level[] {
  const { escalation } = config.reconcile;
  if (!escalation && before.length === 0) return [];
  const { default: usual = "0", ...named } = escalation?.money ?? {};
  const today = dateIn(config.billing.timeZone, now);
  // By the day, so that a row is written once a day and not once a run.
  const openedBefore =
    escalation?.ageDays === undefined
      ? instantOf(0)
      : `${addDays(today, 1 - escalation.ageDays)}T00:00:00.000Z`;
  const isNear =
    escalation?.cutoffDays !== undefined &&
    businessDaysTo(today, nextCutoff(today, config.billing.cutoffDay)) < escalation.cutoffDays;
  return [...new Set([ANY, ...before, ...Object.keys(named)])].map((legal_entity) => ({
    legal_entity,
    money: legal_entity === ANY ? usual : (named[legal_entity] ?? usual),
    opened_before: openedBefore,
    is_cutoff_near: isNear,
  }));
}

/** The next cutoff from a day on, that day included. */
export function nextCutoff(today: IsoDate, cutoffDay: number): IsoDate {
  const day = String(cutoffDay).padStart(2, "0");
  const here = `${today.slice(0, 7)}-${day}`;
  if (here >= today) return here;
  const [year = 0, month = 0] = today.split("-").map(Number);
  return month === 12 ? `${year + 1}-01-${day}` : `${year}-${String(month + 1).padStart(2, "0")}-${day}`;
}

/** Weekdays after `from` up to and including `to`; no calendar of holidays is known. */
export function businessDaysTo(from: IsoDate, to: IsoDate): number {
  let days = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days += 1;
  }
  return days;
}

function dateIn(timeZone: string, now: number): IsoDate {
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(now);
}

/** Why a severity was raised, in words. */
export function sayRaised(
  raisedBy: readonly string[],
  config: Pick<PlumblineConfig, "reconcile" | "reporting">,
  entity: string,
): string {
  const { escalation } = config.reconcile;
  const least = escalation?.money[entity] ?? escalation?.money.default;
  const words: Record<string, string> = {
    money:
      least === undefined
        ? "of the money at stake"
        : `at least ${least} ${config.reporting.currency} are at stake`,
    age: escalation?.ageDays === undefined ? "of its age" : `it has been open for ${escalation.ageDays} days`,
    cutoff: "the cutoff for invoicing is near",
  };
  const said = raisedBy.map((why) => words[why] ?? why);
  return said.length === 0 ? "" : `Raised by one level because ${said.join(" and ")}.`;
}
