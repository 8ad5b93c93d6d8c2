import { describe, expect, it } from "vitest";
import { compare } from "#core/decimal";
import { addDays } from "#core/time";
import { readBooks } from "#sandbox/faults/books";
import { createFirm } from "#sandbox/firm/create-firm";
import { findDifferences } from "./oracle.ts";
import { FRIDAY, seededFirm } from "./stores.ts";

/** A Friday, both ends of a month, New Year, a late evening, a Monday morning, a leap day's eve. */
const INSTANTS = [
  [7, FRIDAY, 40],
  [1, "2026-12-01T00:10:00.000Z", 40],
  [2, "2027-01-01T12:00:00.000Z", 20],
  [3, "2026-11-07T23:50:00.000Z", 40],
  [4, "2026-11-23T09:00:00.000Z", 20],
  [5, "2028-02-28T09:00:00.000Z", 20],
] as const;

const seeded = seededFirm();
const { firm, salesforce, netsuite, salesforceIds } = seeded;
const books = readBooks(salesforce, netsuite);

describe("the make-believe firm", () => {
  it("is the same to the last minute for the same seed, and another for another", () => {
    const options = { projects: 20, asOf: Date.parse(FRIDAY) };
    expect(createFirm({ seed: 3, ...options })).toEqual(createFirm({ seed: 3, ...options }));
    expect(createFirm({ seed: 4, ...options }).timecards).not.toEqual(
      createFirm({ seed: 3, ...options }).timecards,
    );
  });

  it.each(INSTANTS)(
    "agrees in both systems as long as nothing is planted (seed %i at %s)",
    (seed, asOf, projects) => {
      const own = seededFirm({ seed, asOf, projects });
      const ownBooks = readBooks(own.salesforce, own.netsuite);
      expect(ownBooks.erpLines.length).toBeGreaterThan(1_000);
      expect(findDifferences(ownBooks, own.firm.today)).toEqual([]);
    },
  );

  it("has work in three legal entities, in their own currencies", () => {
    for (const { code, currency } of firm.entities) {
      const own = firm.projects.filter((p) => p.entity === code && !p.isTemplate);
      expect(own.length).toBeGreaterThanOrEqual(5);
      expect(new Set(own.map((p) => p.currency))).toEqual(new Set([currency]));
    }
  });

  it("prices every role without gap or overlap from the day a contract starts, dearer each year", () => {
    for (const master of firm.contracts.filter((c) => c.kind === "master"))
      for (const role of new Set(master.rates.map((r) => r.role))) {
        const lines = master.rates.filter((r) => r.role === role && r.isSigned);
        expect(lines[0]?.startOn).toBe(master.startOn);
        expect(lines.at(-1)?.endOn).toBeNull();
        for (const [n, line] of lines.slice(1).entries()) {
          expect(lines[n]?.endOn).toBe(addDays(line.startOn, -1));
          expect(compare(line.rate, lines[n]?.rate ?? "0")).toBe(1);
        }
      }
    expect(books.contractLines.some((l) => !l.isSigned)).toBe(true);
  });

  it("leaves the history that each step of a week of time leaves", () => {
    const card = firm.timecards.find(
      (c) => c.rejectedAt !== null && c.approvedAt !== null && c.invoicedAt !== null,
    );
    const id = salesforceIds.get(card?.id ?? "");
    const steps = [...salesforce.rows("pse__Timecard_Header__History")]
      .filter((h) => h.ParentId === id && h.Field === "pse__Status__c")
      .sort((a, b) => Number(a.CreatedDate) - Number(b.CreatedDate))
      .map((h) => h.NewValue);
    expect(steps).toEqual(["Submitted", "Rejected", "Submitted", "Approved"]);
    expect(salesforce.get("pse__Timecard_Header__c", id ?? "")).toMatchObject({
      pse__Invoiced__c: true,
      SystemModstamp: Math.floor((card?.invoicedAt ?? 0) / 1000) * 1000,
    });
  });

  it("posts approved time to the ERP within four hours, and nothing that a settle time could still cover", () => {
    const approved = firm.timecards.filter((c) => c.approvedAt !== null);
    expect(approved.length).toBeGreaterThan(1_000);
    for (const { approvedAt, postedAt } of approved) {
      const lag = ((postedAt ?? 0) - (approvedAt ?? 0)) / 3_600_000;
      expect(lag).toBeGreaterThan(0);
      expect(lag).toBeLessThan(4);
      expect(firm.asOf - (postedAt ?? 0)).toBeGreaterThan(5 * 3_600_000);
    }
  });

  it("does nothing after its last instant", () => {
    for (const type of ["pse__Timecard_Header__c", "Contract_Rate__c", "pse__Proj__c", "pse__Assignment__c"])
      for (const row of salesforce.rows(type)) expect(Number(row.SystemModstamp)).toBeLessThan(firm.asOf);
    for (const type of ["timeBill", "job", "invoice", "resourceAllocation", "accountingPeriod"])
      for (const row of netsuite.rows(type)) expect(Number(row.lastModifiedDate)).toBeLessThan(firm.asOf);
  });

  it("always has approved work that is not invoiced yet, and closes the books two months back", () => {
    expect(
      books.psaLines.filter((l) => l.isApproved && l.isBillable && !l.isInvoiced).length,
    ).toBeGreaterThan(300);
    const closed = [...netsuite.rows("accountingPeriod")].filter((p) => p.closed).map((p) => p.periodName);
    expect(closed).toContain("2026-09");
    expect(closed).not.toContain("2026-10");
  });

  it("bills each line of time once, on the invoice of a project of the same client", () => {
    const billed = firm.invoices.flatMap((i) => i.lines.flatMap((l) => l.timeLine ?? []));
    expect(new Set(billed).size).toBe(billed.length);
    expect(billed.length).toBeGreaterThan(1_000);
  });

  it("refuses to be too small to plant faults apart", () => {
    expect(() => createFirm({ seed: 1, projects: 5, asOf: firm.asOf })).toThrow(RangeError);
  });
});
