/** The PSA package's projects and what they are made of: tasks, milestones, and the dimensions they are grouped by. */
import type { Row } from "#sandbox/vendor-store";
import {
  choice,
  currencyCode,
  date,
  flag,
  integrationKey,
  legalEntity,
  longText,
  moment,
  money,
  object,
  percent,
  quantity,
  reference,
  text,
  whole,
} from "../metadata.ts";

export const startAfterEnd = (row: Row): boolean =>
  typeof row.pse__Start_Date__c === "string" &&
  typeof row.pse__End_Date__c === "string" &&
  row.pse__Start_Date__c > row.pse__End_Date__c;

export const changed = (row: Row, before: Row | null, field: string): boolean =>
  before !== null && row[field] !== before[field];

const dimension = (name: string, label: string, prefix: string) =>
  object({ name, label, prefix, fields: [text("Name", 80, { required: true }), currencyCode()] });

export const region = dimension("pse__Region__c", "Region", "a2h");
export const practice = dimension("pse__Practice__c", "Practice", "a2g");
export const group = dimension("pse__Grp__c", "Group", "a2e");

export const project = object({
  name: "pse__Proj__c",
  label: "Project",
  prefix: "a2d",
  history: { object: "pse__Proj__History", parentField: "ParentId" },
  fields: [
    text("Name", 80, { required: true }),
    text("pse__Project_ID__c", 30, { autoNumber: "PR-{000000}", writable: false }),
    text("Project_Code__c", 40, { externalId: true, unique: true, tracked: true }),
    reference("OwnerId", "User"),
    reference("pse__Account__c", "Account"),
    reference("pse__Opportunity__c", "Opportunity"),
    reference("pse__Project_Manager__c", "Contact"),
    reference("pse__Region__c", "pse__Region__c"),
    reference("pse__Practice__c", "pse__Practice__c"),
    reference("pse__Group__c", "pse__Grp__c"),
    reference("pse__Parent_Project__c", "pse__Proj__c"),
    date("pse__Start_Date__c", { tracked: true }),
    date("pse__End_Date__c", { tracked: true }),
    choice(
      "pse__Stage__c",
      ["Planned", "Start-up", "In Progress", "Close-out", "Completed", "On Hold", "Canceled"],
      { initial: "Planned", tracked: true },
    ),
    choice("pse__Project_Type__c", ["Customer Project", "Internal Project"]),
    choice("pse__Billing_Type__c", [
      "Unit-Based",
      "Fee-for-Service",
      "Fixed Price",
      "Milestone",
      "Mixed",
      "Time and Materials",
    ]),
    choice("pse__Project_Status__c", ["Green", "Yellow", "Red"]),
    flag("pse__Is_Active__c", { tracked: true }),
    flag("pse__Is_Billable__c"),
    flag("pse__Is_Template__c"),
    flag("pse__Closed_for_Time_Entry__c"),
    flag("pse__Closed_for_Expense_Entry__c"),
    flag("pse__Allow_Timecards_Without_Assignment__c"),
    flag("pse__Include_In_Forecasting__c"),
    percent("pse__Rate_Card_Percentage_Discount__c"),
    quantity("pse__Planned_Hours__c"),
    money("pse__Bookings__c", { writable: false }),
    money("pse__Billings__c", { writable: false }),
    currencyCode(),
    legalEntity(),
    integrationKey(),
  ],
  rules: [
    {
      name: "Start_Date_must_be_before_End_Date",
      message: "Project Start Date must be before End Date.",
      fails: startAfterEnd,
    },
    {
      name: "Project_Currency_is_Constant",
      message: "Project Currency may not be updated.",
      fails: (row, before) => changed(row, before, "CurrencyIsoCode"),
    },
  ],
});

export const projectTask = object({
  name: "pse__Project_Task__c",
  label: "Project Task",
  prefix: "a2c",
  fields: [
    text("Name", 80, { required: true }),
    reference("pse__Project__c", "pse__Proj__c", { required: true }),
    reference("pse__Parent_Task__c", "pse__Project_Task__c"),
    reference("pse__Milestone__c", "pse__Milestone__c"),
    moment("pse__Start_Date_Time__c"),
    moment("pse__End_Date_Time__c"),
    date("pse__Start_Date__c", { formula: (row) => dateOf(row.pse__Start_Date_Time__c) }),
    date("pse__End_Date__c", { formula: (row) => dateOf(row.pse__End_Date_Time__c) }),
    quantity("pse__Estimated_Hours__c"),
    quantity("pse__Actual_Hours__c"),
    quantity("pse__Points__c"),
    choice(
      "pse__Status__c",
      ["Draft", "Planned", "Started", "Blocked", "Complete", "Deferred", "Cancelled"],
      {
        initial: "Planned",
      },
    ),
    choice("pse__Priority__c", ["P1", "P2", "P3", "P4", "P5"]),
    text("pse__WBS_Element_Number__c", 100),
    whole("pse__Hierarchy_Depth__c"),
    longText("pse__Summary__c"),
    text("pse__Task_Key__c", 15, { externalId: true, unique: true }),
    text("pse__External_Task_ID__c", 100, { externalId: true }),
    flag("Billable__c"),
    currencyCode(),
  ],
});

function dateOf(instant: unknown): string | null {
  return typeof instant === "number" ? new Date(instant).toISOString().slice(0, 10) : null;
}

export const milestone = object({
  name: "pse__Milestone__c",
  label: "Milestone",
  prefix: "a28",
  history: { object: "pse__Milestone__History", parentField: "ParentId" },
  fields: [
    text("Name", 80, { required: true }),
    reference("pse__Project__c", "pse__Proj__c", { required: true }),
    money("pse__Milestone_Amount__c", { required: true }),
    money("pse__Milestone_Cost__c"),
    date("pse__Start_Date__c"),
    date("pse__Target_Date__c", { required: true }),
    date("pse__Actual_Date__c", { tracked: true }),
    choice("pse__Status__c", ["Planned", "In Progress", "Completed", "Approved", "Canceled"], {
      initial: "Planned",
      tracked: true,
    }),
    flag("pse__Approved__c"),
    flag("pse__Include_In_Financials__c"),
    flag("pse__Billed__c"),
    flag("pse__Invoiced__c"),
    text("pse__Invoice_Number__c", 255),
    date("pse__Invoice_Date__c"),
    date("pse__Bill_Date__c"),
    currencyCode(),
  ],
  rules: [
    {
      name: "Milestone_Project_is_Constant",
      message: "Project is required and may not be updated once set.",
      field: "pse__Project__c",
      fails: (row, before) => changed(row, before, "pse__Project__c"),
    },
    {
      name: "Milestone_Billing_Requires_Inclusion",
      message:
        "For a Milestone to be marked as Billed, it must also be marked as Included in Financials and Approved.",
      fails: (row) =>
        row.pse__Billed__c === true &&
        !(row.pse__Include_In_Financials__c === true && row.pse__Approved__c === true),
    },
    {
      name: "Milestone_Invoicing_Requires_Billing",
      message: "For a Milestone to be marked as Invoiced, it must also be marked as Billed.",
      fails: (row) => row.pse__Invoiced__c === true && row.pse__Billed__c !== true,
    },
  ],
});
