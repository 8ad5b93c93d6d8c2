import { describe, expect, it } from "vitest";
import { differingElsewhere } from "../../app/data/elsewhere.server.ts";
import { whatIsWrong } from "../../app/data/what-is-wrong.server.ts";
import type { Evidence } from "../../reconcile/evidence.ts";

const SYSTEMS = { crm: "Salesforce", psa: "Certinia", erp: "NetSuite" };
type Field = Evidence["fields"][number];

const field = (name: string, label: string, left: string | null, right: string | null, more = {}): Field => ({
  name,
  label,
  left,
  right,
  differs: true,
  waiting: false,
  tolerance: null,
  delta: null,
  ...more,
});

function evidence(comparison: string, roles: [string, string], fields: Field[]): Evidence {
  const side = (role: string, noun: string) => ({
    role,
    noun,
    sourceId: role,
    nativeIds: [],
    rows: 1,
    changedAt: null,
  });
  return {
    comparison,
    kind: "mismatch",
    fields,
    left: side(roles[0], "sum of the lines"),
    right: side(roles[1], "total of the invoice"),
    carried: {},
    why: { sentence: "", asOf: { left: null, right: null }, runId: "", ruleVersion: 1 },
    money: { amount: null, currency: "", reporting: null, formula: "", items: 0, unpriced: 0 },
    detail: null,
  };
}

const say = (rule: string, kind: string, of: Evidence) => whatIsWrong({ rule, kind }, of, SYSTEMS);

describe("what is wrong, in a line", () => {
  it("says of what may not be how much there is, whichever side counts it", () => {
    const late = field("late_hours", "billable hours after the contract's last day", "0", "250.15");
    expect(say("CON-03", "mismatch", evidence("contract-ends", ["crm", "psa"], [late]))).toBe(
      "Billable hours after the contract's last day: 250.15",
    );
    const missed = field("uninvoiced_time", "lines of time on no invoice", "3", "0");
    expect(say("INV-01", "mismatch", evidence("billing-months", ["erp", "psa"], [missed]))).toBe(
      "Lines of time on no invoice: 3",
    );
  });

  it("says how much there may be where that is not none", () => {
    const load = field("peak_pct", "highest share of a day booked, in percent", "110", "480");
    expect(say("ASG-07", "mismatch", evidence("person-load", ["psa", "psa"], [load]))).toBe(
      "Highest share of a day booked, in percent: 480 (at most 110)",
    );
  });

  it("names both systems of a plain difference, and both figures where one system holds them", () => {
    const rate = field("rate", "rate", "165", "150.5");
    expect(say("RAT-02", "mismatch", evidence("rates-contract-erp", ["crm", "erp"], [rate]))).toBe(
      "Rate 165.00 in Salesforce, 150.50 in NetSuite",
    );
    const total = field("total", "total", "24415.12", "24535.12");
    expect(say("INV-03", "mismatch", evidence("invoice-totals", ["erp", "erp"], [total]))).toBe(
      "Total 24,415.12 (sum of the lines), 24,535.12 (total of the invoice) in NetSuite",
    );
  });

  it("leaves the label out where the values are opposites that say it themselves", () => {
    const billing = field("billing", "billable or not", "billable", "not billable");
    expect(say("TSK-03", "mismatch", evidence("tasks", ["psa", "erp"], [billing]))).toBe(
      "Billable in Certinia, not billable in NetSuite",
    );
  });

  it("names a system once where a record lacks its partner in the same one", () => {
    expect(say("ASG-06", "missing_right", evidence("booked-time", ["psa", "psa"], []))).toBe(
      "Sum of the lines, no total of the invoice in Certinia",
    );
  });
});

describe("fields that differ though another rule claims them", () => {
  const among = (comparison: string, ...fields: Field[]) =>
    differingElsewhere(evidence(comparison, ["crm", "erp"], fields));
  const quiet = { differs: false };

  it("are told from those that agree", () => {
    expect(
      among(
        "clients",
        field("signing_entity", "legal entity", "GB01", "DE01", quiet),
        field("parent_key", "parent", "", "", quiet),
        field("payment_terms", "payment terms", "15 days", "60 days"),
      ),
    ).toEqual(["signing_entity"]);
  });

  it("leave out what agrees by case, by an empty side, within the tolerance, or when a side has no record", () => {
    expect(
      among(
        "projects",
        field("code", "project code", "abc-1 ", "ABC-1", quiet),
        field("department", "department", "", "Advisory", quiet),
        field("start_on", "start date", "2026-09-01", "2026-09-02", { ...quiet, delta: "1" }),
        field("end_on", "end date", "2026-09-01", null, quiet),
      ),
    ).toEqual([]);
    expect(
      among(
        "projects",
        field("start_on", "start date", "2026-09-01", "2026-09-03", { ...quiet, delta: "2" }),
      ),
    ).toEqual(["start_on"]);
  });

  it("leave out what still waits", () => {
    const waiting = { differs: false, waiting: true };
    expect(among("clients", field("signing_entity", "legal entity", "GB01", "DE01", waiting))).toEqual([]);
  });
});
