/** The PSA package's people and their bookings: resources, assignments with their schedules, rate cards. */
import { compare, multiply, parseDecimal, sum } from "#core/decimal";
import { addDays, daysBetween } from "#core/time";
import type { Row } from "#sandbox/vendor-store";
import {
  choice,
  currencyCode,
  date,
  flag,
  integrationKey,
  type Lookup,
  legalEntity,
  money,
  object,
  percent,
  quantity,
  reference,
  text,
  type ValidationRule,
} from "../metadata.ts";
import { changed, startAfterEnd } from "./project.ts";

export const ROLES = ["Consultant", "Senior Consultant", "Architect", "Project Manager"];
export const WEEKDAYS = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
] as const;
export const hoursFields = WEEKDAYS.map((day) => `pse__${day}_Hours__c`);

export const contact = object({
  name: "Contact",
  label: "Contact",
  prefix: "003",
  history: { object: "ContactHistory", parentField: "ContactId" },
  fields: [
    text("FirstName", 40),
    text("LastName", 80, { required: true }),
    text("Name", 121, { writable: false }),
    text("Email", 80),
    reference("AccountId", "Account"),
    reference("OwnerId", "User"),
    flag("pse__Is_Resource__c"),
    flag("pse__Is_Resource_Active__c"),
    flag("pse__External_Resource__c"),
    reference("pse__Salesforce_User__c", "User"),
    choice("pse__Resource_Role__c", ROLES, { tracked: true }),
    reference("pse__Region__c", "pse__Region__c"),
    reference("pse__Practice__c", "pse__Practice__c"),
    reference("pse__Group__c", "pse__Grp__c"),
    money("pse__Default_Cost_Rate__c"),
    date("pse__Start_Date__c"),
    date("pse__Last_Date__c"),
    choice("pse__Employment_Status__c", ["Employee", "Contractor"]),
    flag("pse__Allow_Timecards_Without_Assignment__c"),
    text("pse__API_Resource_Correlation_Id__c", 255, { externalId: true }),
    text("pse__ERP_Worker_Correlation_Id__c", 255, { externalId: true }),
    currencyCode(),
    legalEntity(),
  ],
});

export const schedule = object({
  name: "pse__Schedule__c",
  label: "Schedule",
  prefix: "a30",
  // No history: the package does not track schedules.
  fields: [
    text("Name", 80, { autoNumber: "Schedule{000000}", writable: false }),
    date("pse__Start_Date__c", { required: true }),
    date("pse__End_Date__c", { required: true }),
    ...hoursFields.map((name) => quantity(name, { precision: 4, required: true })),
    quantity("pse__Scheduled_Hours__c", { formula: scheduledHours }),
    quantity("pse__Scheduled_Days__c", { scale: 2, formula: scheduledDays }),
    flag("pse__Action_Force_Schedule_Refresh__c"),
    currencyCode(),
  ],
  rules: [
    {
      name: "Check_End_Date",
      message: "End Date must be on or after the Start Date.",
      field: "pse__End_Date__c",
      fails: startAfterEnd,
    },
    {
      name: "Check_Hours",
      message: "Hours for a day must be between 0 and 24.",
      fails: (row) =>
        hoursFields.some((f) => compare(decimal(row[f]), "0") < 0 || compare(decimal(row[f]), "24") > 0),
    },
  ],
});

/** An absent number counts as none. */
export function decimal(value: unknown): string {
  return parseDecimal(value) ?? "0";
}

/** How often each weekday, Sunday first, falls in the schedule's range. */
function weekdayCounts(row: Row): number[] {
  const { pse__Start_Date__c: start, pse__End_Date__c: end } = row;
  const counts = [0, 0, 0, 0, 0, 0, 0];
  if (typeof start !== "string" || typeof end !== "string" || start > end) return counts;
  const days = daysBetween(start, end) + 1;
  const weeks = Math.floor(days / 7);
  for (let i = 0; i < 7; i++) {
    const weekday = new Date(`${addDays(start, i)}T00:00:00Z`).getUTCDay();
    counts[weekday] = weeks + (i < days % 7 ? 1 : 0);
  }
  return counts;
}

function scheduledHours(row: Row): string {
  const counts = weekdayCounts(row);
  return sum(hoursFields.map((f, i) => multiply(decimal(row[f]), String(counts[i]))));
}

function scheduledDays(row: Row): string {
  const counts = weekdayCounts(row);
  return sum(hoursFields.map((f, i) => (compare(decimal(row[f]), "0") > 0 ? String(counts[i]) : "0")));
}

/** A formula of an assignment over its schedule: a change there shows here without a stamp here. */
const fromSchedule = (of: (schedule: Row) => unknown) => (row: Row, lookup: Lookup) => {
  const booked = lookup("pse__Schedule__c", row.pse__Schedule__c);
  return booked === undefined ? null : of(booked);
};

const assignmentRules: readonly ValidationRule[] = [
  {
    name: "Bill_Rate_Required",
    message: "Assignment requires a Bill Rate.",
    field: "pse__Bill_Rate__c",
    fails: (row) => row.pse__Bill_Rate__c === null,
  },
  {
    name: "Non_Billable_Bill_Rate_must_be_Zero",
    message: "Bill Rate must be zero for a non-billable Assignment.",
    field: "pse__Bill_Rate__c",
    fails: (row) => row.pse__Is_Billable__c !== true && compare(decimal(row.pse__Bill_Rate__c), "0") !== 0,
  },
  {
    name: "Assignment_Project_is_Constant",
    message: "Project is required and may not be updated once set.",
    field: "pse__Project__c",
    fails: (row, before) => changed(row, before, "pse__Project__c"),
  },
  {
    name: "cannot_switch_schedule_records",
    message: "The Schedule of an Assignment may not be changed once set.",
    fails: (row, before) =>
      before !== null && before.pse__Schedule__c !== null && changed(row, before, "pse__Schedule__c"),
  },
  {
    name: "select_resource",
    message: "Please select an active Resource.",
    field: "pse__Resource__c",
    fails: (row, before, lookup) => {
      if (before !== null && !changed(row, before, "pse__Resource__c")) return false;
      const person = lookup("Contact", row.pse__Resource__c);
      return !(person?.pse__Is_Resource__c === true && person.pse__Is_Resource_Active__c === true);
    },
  },
  {
    name: "Assignment_May_Not_Be_Billable",
    message: "Assignment may not be billable because its Project is not billable.",
    field: "pse__Is_Billable__c",
    fails: (row, _before, lookup) =>
      row.pse__Is_Billable__c === true &&
      lookup("pse__Proj__c", row.pse__Project__c)?.pse__Is_Billable__c !== true,
  },
  {
    name: "Assignment_Currency_is_Constant",
    message: "Assignment Currency may not be updated.",
    fails: (row, before) => changed(row, before, "CurrencyIsoCode"),
  },
];

export const assignment = object({
  name: "pse__Assignment__c",
  label: "Assignment",
  prefix: "a1A",
  history: { object: "pse__Assignment__History", parentField: "ParentId" },
  fields: [
    text("Name", 80, { required: true }),
    text("pse__Assignment_Number__c", 30, { autoNumber: "A-{000000}", writable: false }),
    reference("OwnerId", "User"),
    reference("pse__Project__c", "pse__Proj__c", { required: true }),
    reference("pse__Resource__c", "Contact", { tracked: true }),
    reference("pse__Schedule__c", "pse__Schedule__c"),
    reference("pse__Milestone__c", "pse__Milestone__c"),
    reference("pse__Rate_Card__c", "pse__Rate_Card__c"),
    money("pse__Bill_Rate__c", { scale: 4, tracked: true }),
    flag("pse__Daily_Bill_Rate__c"),
    money("pse__Cost_Rate_Amount__c"),
    text("pse__Cost_Rate_Currency_Code__c", 3),
    quantity("pse__Suggested_Bill_Rate_Number__c", { scale: 4 }),
    text("pse__Suggested_Bill_Rate_Currency_Code__c", 3),
    money("pse__Planned_Bill_Rate__c"),
    quantity("pse__Planned_Hours__c"),
    percent("pse__Percent_Allocated__c", { precision: 3, scale: 0 }),
    choice("pse__Role__c", ROLES),
    choice("pse__Status__c", ["Tentative", "Scheduled", "Closed"], { initial: "Scheduled", tracked: true }),
    flag("pse__Is_Billable__c"),
    flag("pse__Exclude_from_Billing__c"),
    flag("pse__Closed_for_Time_Entry__c"),
    date("pse__Start_Date__c", { formula: fromSchedule((s) => s.pse__Start_Date__c) }),
    date("pse__End_Date__c", { formula: fromSchedule((s) => s.pse__End_Date__c) }),
    quantity("pse__Scheduled_Hours__c", { formula: fromSchedule(scheduledHours) }),
    quantity("pse__Scheduled_Days__c", { formula: fromSchedule(scheduledDays) }),
    text("pse__API_Assignment_Correlation_Id__c", 255),
    currencyCode(),
    integrationKey(),
  ],
  rules: assignmentRules,
});

const CARD_TARGETS = ["pse__Account__c", "pse__Region__c", "pse__Practice__c", "pse__Group__c"];

export const rateCard = object({
  name: "pse__Rate_Card__c",
  label: "Rate Card",
  prefix: "a2l",
  history: { object: "pse__Rate_Card__History", parentField: "ParentId" },
  fields: [
    text("Name", 80, { autoNumber: "RC-{0}", writable: false }),
    reference("OwnerId", "User"),
    reference("pse__Account__c", "Account"),
    reference("pse__Region__c", "pse__Region__c"),
    reference("pse__Practice__c", "pse__Practice__c"),
    reference("pse__Group__c", "pse__Grp__c"),
    choice("pse__Role__c", ROLES, { required: true }),
    money("pse__Suggested_Bill_Rate__c", { scale: 4, required: true, tracked: true }),
    money("pse__Average_Cost_Rate__c", { required: true, tracked: true }),
    date("pse__Start_Date__c", { tracked: true }),
    date("pse__End_Date__c", { tracked: true }),
    flag("pse__Cascading_Role__c"),
    currencyCode(),
    integrationKey(),
  ],
  rules: [
    {
      name: "Rate_Card_May_Not_Have_Multiple_Targets",
      message: "A Rate Card may have only one of Account, Region, Practice or Group.",
      fails: (row) => CARD_TARGETS.filter((f) => row[f] !== null).length > 1,
    },
    {
      name: "Start_Date_must_be_before_End_Date",
      message: "Rate Card Start Date must be before End Date.",
      fails: startAfterEnd,
    },
  ],
});
