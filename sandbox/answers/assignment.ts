/** The answers of the rules about bookings. */
import { add, compare, divide, multiply, subtract, sum } from "#core/decimal";
import { addDays } from "#core/time";
import { bookedHours, stake } from "../faults/stakes.ts";
import { earlier, isWeekday, later } from "../firm/calendar.ts";
import type { Answer, Evaluate, Evidence } from "./answer.ts";
import {
  byExternalId,
  changedAt,
  currencyOf,
  groupBy,
  isSettled,
  openLines,
  worth,
} from "./delivery-facts.ts";

/** When an assignment or its schedule last changed. */
function bookingChanged({ stores: { salesforce } }: Evidence, id: string): number {
  const row = salesforce.get("pse__Assignment__c", id);
  return Math.max(
    changedAt(row),
    changedAt(salesforce.get("pse__Schedule__c", String(row?.pse__Schedule__c))),
  );
}

const orphaned: Evaluate = (evidence) => {
  const { firm, books, stores } = evidence;
  const currencies = new Map(firm.people.map((p) => [p.employeeNo, p.currency as string]));
  return [...byExternalId(stores.netsuite, "resourceAllocation")].flatMap(([key, rows]): Answer[] => {
    const running = rows.filter((r) => r.approvalStatus !== "6" && String(r.endDate) >= firm.today);
    const [row] = running;
    if (!row || running.length > 1 || books.psaAssignments.get(key)?.isScheduled) return [];
    if (!isSettled(evidence, 24, [changedAt(row), bookingChanged(evidence, key)])) return [];
    const project = String(stores.netsuite.get("job", String(row.project))?.externalId ?? "");
    if (!books.psaProjects.has(project)) return [];
    const person = String(stores.netsuite.get("employee", String(row.allocationResource))?.externalId ?? "");
    const cost = books.resources.get(person)?.costRate ?? null;
    const from = later(String(row.startDate), addDays(firm.today, 1));
    const to = earlier(String(row.endDate), addDays(firm.today, 30));
    const currency = currencyOf(books, project);
    const money =
      cost === null || currencies.get(person) !== currency
        ? null
        : stake(multiply(bookedHours(from, to, String(row.percentOfTime)), cost), currency);
    return [
      { rule: "ASG-02", comparison: "running-allocations", key, kind: "missing_left", fields: [], money },
    ];
  });
};

const unbooked: Evaluate = (evidence) => {
  const { books } = evidence;
  const bookings = groupBy([...books.psaAssignments.values()], (a) => `${a.resource}|${a.project}`);
  const worked = groupBy(openLines(evidence), (l) => `${l.resource}|${l.project}`);
  return [...worked].flatMap(([key, lines]): Answer[] => {
    const spans = bookings.get(key) ?? [];
    const loose = lines.filter((l) => !spans.some((a) => a.startOn <= l.on && l.on <= a.endOn));
    if (loose.length === 0) return [];
    const facts = [...spans.map((a) => bookingChanged(evidence, a.id)), ...loose.map((l) => l.changedAt)];
    if (!isSettled(evidence, 1, facts)) return [];
    const money = worth(books, loose, currencyOf(books, loose[0]?.project ?? ""));
    const how =
      spans.length === 0
        ? ({ kind: "missing_right", fields: [] } as const)
        : ({ kind: "mismatch", fields: ["unbooked_lines"] } as const);
    return [{ rule: "ASG-06", comparison: "booked-time", key, ...how, money }];
  });
};

const overbooked: Evaluate = (evidence) => {
  const { firm, books, stores } = evidence;
  const days = Array.from({ length: 30 }, (_, n) => addDays(firm.today, n + 1)).filter(isWeekday);
  const people = groupBy(
    [...books.psaAssignments.values()].filter(
      (a) => a.isScheduled && days.some((d) => a.startOn <= d && d <= a.endOn),
    ),
    (a) => a.resource,
  );
  return [...people].flatMap(([key, bookings]): Answer[] => {
    const over = days
      .map((d) => sum(bookings.filter((a) => a.startOn <= d && d <= a.endOn).map((a) => a.pct)))
      .filter((pct) => compare(pct, "110") > 0);
    if (over.length === 0) return [];
    const facts = bookings.map((a) => bookingChanged(evidence, a.id));
    if (!isSettled(evidence, 24, facts)) return [];
    const person = books.resources.get(key);
    const contact = stores.salesforce.get("Contact", person?.contactId ?? "");
    const hours = divide(
      multiply(
        over.reduce((a, pct) => add(a, subtract(pct, "100")), "0"),
        "8",
      ),
      "100",
    );
    const money =
      person?.costRate == null
        ? null
        : stake(multiply(hours, person.costRate), String(contact?.CurrencyIsoCode));
    return [
      { rule: "ASG-07", comparison: "person-load", key, kind: "mismatch", fields: ["peak_pct"], money },
    ];
  });
};

export const ASSIGNMENT_ANSWERS: readonly Evaluate[] = [orphaned, unbooked, overbooked];
