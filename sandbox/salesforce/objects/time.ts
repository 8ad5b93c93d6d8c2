/** The PSA package's weekly timecards and expenses, with the rules the package puts on them. */
import { compare, multiply, sum } from "#core/decimal";
import { addDays } from "#core/time";
import type { Row } from "#sandbox/vendor-store";
import {
  choice,
  currencyCode,
  date,
  flag,
  integrationKey,
  longText,
  moment,
  money,
  object,
  quantity,
  reference,
  text,
  type ValidationRule,
} from "../metadata.ts";
import { decimal, hoursFields, WEEKDAYS } from "./staffing.ts";

const totalHours = (row: Row): string => sum(hoursFields.map((f) => decimal(row[f])));

/** The admin's way round the rules: the switch and a reason, in the same save. */
const editedByAdmin = (row: Row): boolean =>
  row.pse__Admin_Global_Edit__c === true &&
  typeof row.pse__Audit_Notes__c === "string" &&
  row.pse__Audit_Notes__c.trim() !== "";

const constant = (row: Row, before: Row | null, field: string): boolean =>
  row[field] === null || (before !== null && row[field] !== before[field] && !editedByAdmin(row));

const rules: readonly ValidationRule[] = [
  {
    name: "Timecard_Header_must_be_1_week_long",
    message: "Timecard Header must span 1 week (7 days inclusive).",
    fails: (row) =>
      typeof row.pse__Start_Date__c === "string" &&
      addDays(row.pse__Start_Date__c, 6) !== row.pse__End_Date__c,
  },
  {
    name: "A_Day_Can_Not_Be_More_Then_24_Hrs",
    message: "No individual day for a single line can be more than 24 hours",
    fails: (row) => hoursFields.some((f) => compare(decimal(row[f]), "24") > 0),
  },
  {
    name: "A_Day_Can_Not_Be_Less_Then_0_Hrs",
    message: "No individual day for a single line can be less than 0 hours",
    fails: (row) => hoursFields.some((f) => compare(decimal(row[f]), "0") < 0),
  },
  {
    name: "Timecard_Approval_Requires_Submit",
    message: "For a Timecard to be marked as Approved, it must also be marked as Submitted.",
    fails: (row) => row.pse__Approved__c === true && row.pse__Submitted__c !== true,
  },
  {
    name: "Billing_Requires_Inclusion",
    message:
      "For a Timecard to be marked as Billed, it must also be marked as Included in Financials and Approved.",
    fails: (row) =>
      row.pse__Billed__c === true &&
      !(row.pse__Include_In_Financials__c === true && row.pse__Approved__c === true),
  },
  {
    name: "Timecard_Requires_Assignment",
    message: "Timecards for this Project and/or Resource require an Assignment.",
    fails: (row, _before, lookup) =>
      row.pse__Assignment__c === null &&
      lookup("pse__Proj__c", row.pse__Project__c)?.pse__Allow_Timecards_Without_Assignment__c !== true &&
      lookup("Contact", row.pse__Resource__c)?.pse__Allow_Timecards_Without_Assignment__c !== true,
  },
  {
    name: "Timecard_Assignment_Project_Mismatch",
    message: "The Timecard's Project must match the Project of its Assignment.",
    field: "pse__Assignment__c",
    fails: (row, _before, lookup) =>
      row.pse__Assignment__c !== null &&
      lookup("pse__Assignment__c", row.pse__Assignment__c)?.pse__Project__c !== row.pse__Project__c,
  },
  {
    name: "Timecard_Assignment_Resource_Mismatch",
    message: "The Timecard's Resource must match the Resource of its Assignment.",
    field: "pse__Assignment__c",
    fails: (row, _before, lookup) =>
      row.pse__Assignment__c !== null &&
      lookup("pse__Assignment__c", row.pse__Assignment__c)?.pse__Resource__c !== row.pse__Resource__c,
  },
  {
    name: "Timecard_Milestone_Project_Mismatch",
    message: "The Timecard's Project must match the Project of its Milestone.",
    field: "pse__Milestone__c",
    fails: (row, _before, lookup) =>
      row.pse__Milestone__c !== null &&
      lookup("pse__Milestone__c", row.pse__Milestone__c)?.pse__Project__c !== row.pse__Project__c,
  },
  {
    name: "Timecard_May_Not_Be_Billable",
    message: "Timecard may not be billable because its Project or Assignment is not billable.",
    field: "pse__Billable__c",
    fails: (row, _before, lookup) =>
      row.pse__Billable__c === true &&
      (lookup("pse__Proj__c", row.pse__Project__c)?.pse__Is_Billable__c === false ||
        lookup("pse__Assignment__c", row.pse__Assignment__c)?.pse__Is_Billable__c === false),
  },
  {
    name: "Timecard_Header_Project_is_Constant",
    message: "Project is required and may not be updated once set.",
    field: "pse__Project__c",
    fails: (row, before) => constant(row, before, "pse__Project__c"),
  },
  {
    name: "Timecard_Header_Resource_is_Constant",
    message: "Resource is required and may not be updated once set.",
    field: "pse__Resource__c",
    fails: (row, before) => constant(row, before, "pse__Resource__c"),
  },
];

export const timecardHeader = object({
  name: "pse__Timecard_Header__c",
  label: "Timecard",
  prefix: "a3C",
  history: { object: "pse__Timecard_Header__History", parentField: "ParentId" },
  fields: [
    text("Name", 80, { autoNumber: "TCH-{MM}-{DD}-{YYYY}-{000000}", writable: false }),
    reference("OwnerId", "User"),
    reference("pse__Resource__c", "Contact"),
    reference("pse__Project__c", "pse__Proj__c", { tracked: true }),
    reference("pse__Assignment__c", "pse__Assignment__c"),
    reference("pse__Milestone__c", "pse__Milestone__c"),
    reference("Project_Task__c", "pse__Project_Task__c"),
    reference("pse__Approver__c", "User"),
    date("pse__Start_Date__c", { required: true }),
    date("pse__End_Date__c", { required: true }),
    ...hoursFields.map((name) => quantity(name, { precision: 4, tracked: true })),
    ...WEEKDAYS.map((day) => text(`pse__${day}_Notes__c`, 255)),
    quantity("pse__Total_Hours__c", { formula: totalHours }),
    money("pse__Bill_Rate__c", { scale: 4 }),
    flag("pse__Daily_Bill_Rate__c"),
    quantity("pse__Time_Logged_In_Days__c"),
    money("pse__Total_Billable_Amount__c", {
      formula: (row) => {
        if (row.pse__Billable__c !== true) return "0";
        const units =
          row.pse__Daily_Bill_Rate__c === true ? decimal(row.pse__Time_Logged_In_Days__c) : totalHours(row);
        return multiply(units, decimal(row.pse__Bill_Rate__c));
      },
    }),
    flag("pse__Billable__c"),
    choice("pse__Status__c", ["Saved", "Submitted", "Approved", "Rejected"], {
      initial: "Saved",
      tracked: true,
    }),
    flag("pse__Submitted__c"),
    flag("pse__Approved__c"),
    // The firm's own, filled in by its flow.
    moment("Submitted_At__c"),
    moment("Approved_At__c"),
    flag("pse__Include_In_Financials__c"),
    flag("pse__Billed__c"),
    flag("pse__Invoiced__c"),
    text("pse__Invoice_Number__c", 255),
    date("pse__Invoice_Date__c"),
    money("pse__Cost_Rate_Amount__c"),
    quantity("pse__Project_Exchange_Rate__c", { scale: 6 }),
    flag("pse__Admin_Global_Edit__c", { tracked: true }),
    text("pse__Audit_Notes__c", 255, { tracked: true }),
    longText("pse__Audit_Notes_History__c"),
    currencyCode(),
    integrationKey(),
  ],
  rules,
});

export const expenseReport = object({
  name: "pse__Expense_Report__c",
  label: "Expense Report",
  prefix: "a1r",
  fields: [
    text("Name", 80, { required: true }),
    reference("pse__Project__c", "pse__Proj__c"),
    reference("pse__Resource__c", "Contact"),
    choice("pse__Status__c", ["Draft", "Submitted", "Approved", "Rejected"], { initial: "Draft" }),
    currencyCode(),
  ],
});

export const expense = object({
  name: "pse__Expense__c",
  label: "Expense",
  prefix: "a1s",
  history: { object: "pse__Expense__History", parentField: "ParentId" },
  fields: [
    text("Name", 80, { autoNumber: "EXP-{0}", writable: false }),
    reference("pse__Expense_Report__c", "pse__Expense_Report__c"),
    reference("pse__Project__c", "pse__Proj__c"),
    reference("pse__Resource__c", "Contact"),
    reference("pse__Assignment__c", "pse__Assignment__c"),
    reference("pse__Milestone__c", "pse__Milestone__c"),
    money("pse__Amount__c", { required: true }),
    date("pse__Expense_Date__c", { required: true }),
    choice("pse__Type__c", ["Airfare", "Hotel", "Meals", "Ground Transportation", "Mileage", "Other"]),
    choice("pse__Status__c", ["Draft", "Submitted", "Approved", "Rejected"], { initial: "Draft" }),
    longText("pse__Description__c"),
    flag("pse__Billable__c"),
    flag("pse__Submitted__c"),
    flag("pse__Approved__c"),
    flag("pse__Include_In_Financials__c"),
    flag("pse__Billed__c"),
    flag("pse__Invoiced__c"),
    text("pse__Invoice_Number__c", 255),
    date("pse__Invoice_Date__c"),
    money("pse__Reimbursement_Amount__c"),
    money("pse__Billing_Amount__c"),
    text("pse__Billing_Currency__c", 3),
    flag("pse__Admin_Global_Edit__c", { tracked: true }),
    text("pse__Audit_Notes__c", 255, { tracked: true }),
    text("pse__Mobile_Expense_Reference_ID__c", 255, { externalId: true, unique: true }),
    currencyCode(),
  ],
});
