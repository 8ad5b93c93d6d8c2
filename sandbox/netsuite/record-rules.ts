/**
 * What the account refuses to save, whoever asks over HTTP: missing members, names taken twice, work in closed periods,
 * time already billed, records others depend on. The firm's own writes through the store do not pass here.
 */
import { add, compare, divide, fixed, multiply, sum } from "#core/decimal";
import { addDays, daysBetween } from "#core/time";
import type { Row } from "../vendor-store.ts";
import type { View } from "./account.ts";
import type { Field, RecordType } from "./record-field.ts";
import { recordTypes } from "./record-types.ts";
import { linesOf } from "./suiteql-value.ts";
import { userError } from "./vendor-error.ts";

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === "";

/** What a new record holds where the request says nothing. `today` is the account's calendar day. */
export function withDefaults(type: RecordType, given: Row, view: View, today: string): Row {
  if (type.name === "timeBill") {
    const employee = typeof given.employee === "string" ? view.entry("employee", given.employee) : undefined;
    return {
      tranDate: today,
      timeType: "A",
      approvalStatus: given.supervisorApproval === true ? "3" : "1",
      isBillable: false,
      posted: false,
      subsidiary: employee?.row.subsidiary,
      ...given,
    };
  }
  if (type.sublist !== undefined)
    return { tranDate: today, status: type.name === "invoice" ? "Open" : "In Progress", ...given };
  if (type.name === "employee" && isEmpty(given.entityId)) {
    return { ...given, entityId: `${String(given.firstName ?? "")} ${String(given.lastName ?? "")}`.trim() };
  }
  if (type.name === "customer" && isEmpty(given.entityId)) return { ...given, entityId: given.companyName };
  return given;
}

/** Members that follow from the ones just changed. */
export function withDerived(type: RecordType, changes: Row, after: Row): Row {
  if (type.name === "resourceAllocation") return { ...after, ...allocated(changes, after) };
  if (type.sublist !== undefined && changes.lines !== undefined) {
    const lines = linesOf(after).map((line) =>
      isEmpty(line.amount) && !isEmpty(line.quantity) && !isEmpty(line.rate)
        ? { ...line, amount: multiply(String(line.quantity), String(line.rate)) }
        : line,
    );
    const total = sum(lines.map((line) => String(line.amount ?? "0")));
    return { ...after, lines, total, amountRemaining: total };
  }
  return after;
}

/**
 * An allocation is booked in one unit, and its hours and its share of the working time follow from each other over the
 * Mondays to Fridays it spans, eight hours each.
 */
function allocated(changes: Row, after: Row): Row {
  const touched = [
    "startDate",
    "endDate",
    "allocationAmount",
    "allocationUnit",
    "numberHours",
    "percentOfTime",
  ];
  if (!touched.some((name) => Object.hasOwn(changes, name))) return {};
  const unit = !isEmpty(changes.percentOfTime)
    ? "P"
    : !isEmpty(changes.numberHours)
      ? "H"
      : String(after.allocationUnit ?? (isEmpty(after.percentOfTime) ? "H" : "P"));
  const given = unit === "P" ? changes.percentOfTime : changes.numberHours;
  const kept = unit === "P" ? after.percentOfTime : after.numberHours;
  const amount = [given, changes.allocationAmount, after.allocationAmount, kept].find((v) => !isEmpty(v));
  if (isEmpty(amount)) return {};
  const hours = String(8 * weekdays(String(after.startDate), String(after.endDate)));
  const share = { allocationUnit: unit, allocationAmount: String(amount) };
  if (unit === "P") {
    return {
      ...share,
      percentOfTime: String(amount),
      numberHours: divide(multiply(hours, String(amount)), "100"),
    };
  }
  const percent = compare(hours, "0") === 0 ? "0" : divide(multiply(String(amount), "100"), hours);
  return { ...share, numberHours: String(amount), percentOfTime: add(fixed(percent, 2), "0") };
}

function weekdays(from: string, to: string): number {
  let count = 0;
  for (let day = 0; day <= daysBetween(from, to); day++) {
    const weekday = new Date(`${addDays(from, day)}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6) count += 1;
  }
  return count;
}

/** Throws the vendor's refusal when the record may not be saved as `after`. */
export function checkSave(type: RecordType, before: Row | null, after: Row, view: View): void {
  // A record that has always lacked something, as imported ones may, can still be changed in other ways.
  const missing = Object.entries(type.required ?? {}).filter(
    ([name]) => isEmpty(after[name]) && (before === null || !isEmpty(before[name])),
  );
  if (missing.length > 0)
    throw userError(`Please enter value(s) for: ${missing.map(([, label]) => label).join(", ")}`);
  checkUnique(type, before, after, view);
  if (type.name === "timeBill") checkTime(before, after, view);
  if (type.name === "resourceAllocation") {
    if (String(after.endDate) < String(after.startDate))
      throw userError("The end date must not be before the start date.");
    if (before === null && isEmpty(after.allocationAmount))
      throw userError("Please enter value(s) for: Allocate");
  }
  if (type.sublist !== undefined) {
    if (linesOf(after).length === 0) throw userError("Please enter at least one line item.");
    for (const row of [before, after]) if (row !== null) checkPeriod(view, row);
  }
}

function checkUnique(type: RecordType, before: Row | null, after: Row, view: View): void {
  const { unique } = type;
  if (unique === undefined || isEmpty(after[unique]) || before?.[unique] === after[unique]) return;
  const wanted = String(after[unique]).toLowerCase();
  if (
    view
      .entries(type.name)
      .some((e) => e.row.id !== after.id && String(e.row[unique] ?? "").toLowerCase() === wanted)
  ) {
    const code = type.idSpace === "entity" ? "UNIQUE_CUST_ID_REQD" : "DUP_RCRD";
    throw userError(
      `A ${type.name} record with this ID already exists: ${String(after[unique])}. Enter a unique ID.`,
      code,
    );
  }
}

function checkTime(before: Row | null, after: Row, view: View): void {
  if (!isEmpty(after.customer) && isEmpty(after.item))
    throw userError("Please enter value(s) for: Service Item");
  if (!isEmpty(after.caseTaskEvent)) {
    const task = view.entry("projectTask", String(after.caseTaskEvent));
    if (task?.row.project !== after.customer) {
      throw userError("The selected task does not belong to the selected project.");
    }
  }
  for (const row of [before, after]) if (row !== null) checkPeriod(view, row);
  if (before !== null) checkNotBilled(before, view);
}

/** Throws when the record's day lies in a closed accounting period. */
function checkPeriod(view: View, row: Row): void {
  const day = String(row.tranDate ?? "");
  const closed = view
    .entries("accountingPeriod")
    .find(({ row: p }) => p.closed === true && p.isYear !== true && p.isQuarter !== true && covers(p, day));
  if (closed !== undefined) {
    throw userError(
      `You cannot make this change: the accounting period ${String(closed.row.periodName)} that ${day} falls in is closed.`,
    );
  }
}

const covers = (period: Row, day: string): boolean =>
  String(period.startDate) <= day && day <= String(period.endDate);

function checkNotBilled(row: Row, view: View): void {
  const isOnInvoice = view
    .entries("invoice")
    .some((e) => e.row.status !== "Voided" && linesOf(e.row).some((line) => line.timeBill === row.id));
  if (row.posted === true || isOnInvoice) {
    throw userError("This time entry is locked because it has been billed or posted.");
  }
}

/** Throws the vendor's refusal when the record may not be deleted. */
export function checkDelete(type: RecordType, row: Row, view: View): void {
  if (type.name === "timeBill") checkNotBilled(row, view);
  if (type.name === "timeBill" || type.sublist !== undefined) checkPeriod(view, row);
  const points = (fields: Readonly<Record<string, Field>>, at: Row) =>
    Object.entries(fields).some(
      ([name, { kind }]) => kind.is === "ref" && kind.to.includes(type.name) && at[name] === row.id,
    );
  for (const other of recordTypes.values()) {
    const depends = view
      .entries(other.name)
      .find(
        (e) =>
          points(other.fields, e.row) ||
          linesOf(e.row).some((line) => points(other.sublist?.fields ?? {}, line)),
      );
    if (depends !== undefined) {
      throw userError(
        `This record cannot be deleted because it has dependent records, for instance ${other.name} ${String(depends.row.id)}.`,
      );
    }
  }
}
