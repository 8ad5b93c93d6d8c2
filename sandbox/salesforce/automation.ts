/**
 * What the platform and the firm's own flows fill in when a row is saved. A field the writer names itself is left as it is
 * written, save for what nobody can write.
 */
import type { Row } from "#sandbox/vendor-store";

/** The fields to add to a save at an instant. `before` is null on creation. */
export function automate(type: string, before: Row | null, fields: Row, at: number): Row {
  const rule = RULES[type];
  if (rule === undefined) return {};
  const extra = rule(
    { ...before, ...fields },
    (name) => name in fields && fields[name] !== before?.[name],
    before,
    at,
  );
  return Object.fromEntries(Object.entries(extra).filter(([name]) => !(name in fields)));
}

type Rule = (row: Row, sets: (name: string) => boolean, before: Row | null, at: number) => Row;

/** The flow that keeps the flags of a timecard or expense in step with its status. */
const approvalFlags: Rule = (row, sets) => {
  if (!sets("pse__Status__c")) return {};
  switch (row.pse__Status__c) {
    case "Submitted":
      return { pse__Submitted__c: true, pse__Approved__c: false };
    case "Approved":
      return { pse__Submitted__c: true, pse__Approved__c: true, pse__Include_In_Financials__c: true };
    case "Rejected":
      return { pse__Submitted__c: false, pse__Approved__c: false, pse__Include_In_Financials__c: false };
    default:
      return { pse__Submitted__c: false, pse__Approved__c: false };
  }
};

/** The same, with the firm's own note of when a timecard was handed in and approved. */
const timecardSteps: Rule = (row, sets, before, at) => {
  const flags = approvalFlags(row, sets, before, at);
  if (!sets("pse__Status__c")) return flags;
  const second = Math.floor(at / 1000) * 1000;
  if (row.pse__Status__c === "Submitted") return { ...flags, Submitted_At__c: second, Approved_At__c: null };
  return row.pse__Status__c === "Approved" ? { ...flags, Approved_At__c: second } : flags;
};

const STATUS_CODES: Readonly<Record<string, string>> = {
  Draft: "Draft",
  "In Approval Process": "InApproval",
  Activated: "Activated",
};

const RULES: Readonly<Record<string, Rule>> = {
  Contact(row, sets, before) {
    if (sets("FirstName") || sets("LastName")) {
      return { Name: [row.FirstName, row.LastName].filter((part) => typeof part === "string").join(" ") };
    }
    if (!sets("Name") || before !== null || typeof row.Name !== "string") return {};
    const cut = row.Name.lastIndexOf(" ");
    return { FirstName: cut < 0 ? null : row.Name.slice(0, cut), LastName: row.Name.slice(cut + 1) };
  },
  Opportunity(row, sets) {
    if (!sets("StageName")) return {};
    const stage = String(row.StageName);
    return { IsWon: stage === "Closed Won", IsClosed: stage === "Closed Won" || stage === "Closed Lost" };
  },
  Contract: (row, sets): Row =>
    sets("Status") ? { StatusCode: STATUS_CODES[String(row.Status)] ?? "Draft" } : {},
  pse__Timecard_Header__c: timecardSteps,
  pse__Expense__c: approvalFlags,
  pse__Milestone__c: (row, sets): Row =>
    sets("pse__Status__c") ? { pse__Approved__c: row.pse__Status__c === "Approved" } : {},
};
