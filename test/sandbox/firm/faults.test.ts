import { describe, expect, it } from "vitest";
import { add, fixed, multiply, sum } from "#core/decimal";
import { msOf } from "#core/time";
import { RULES as CATALOGUE } from "#reconcile/rules/index";
import { plantFaults, type Truth } from "#sandbox/faults";
import { readBooks } from "#sandbox/faults/books";
import { SUBSIDIARY_IDS } from "#sandbox/firm/netsuite-rows";
import type { Row } from "#sandbox/vendor-store";
import { findDifferences, isKnown, name } from "./oracle.ts";
import { FRIDAY, seededFirm } from "./stores.ts";

const RULES = [
  ...["CUS-08", "PRJ-01", "PRJ-03", "PRJ-06", "PRJ-08", "RAT-01", "RAT-02", "ASG-01", "ASG-03", "ASG-04"],
  ...["TIM-01", "TIM-02", "TIM-03", "TIM-06", "SYS-03"],
];
const SETTLE_HOURS: Record<string, number> = {
  ...{
    "CUS-08": 24,
    "PRJ-01": 1,
    "PRJ-03": 4,
    "PRJ-06": 4,
    "PRJ-08": 24,
    "RAT-01": 4,
    "RAT-02": 4,
    "ASG-01": 1,
    "ASG-03": 1,
    "ASG-04": 1,
  },
  ...{ "TIM-01": 4, "TIM-02": 1, "TIM-03": 4, "TIM-06": 1, "SYS-03": 1 },
};
const HOUR = 3_600_000;

const own = seededFirm({ withhold: true });
const { truth, answersAt } = plantFaults(own.firm, own);
const books = readBooks(own.salesforce, own.netsuite);
const fault = (rule: string) => truth.planted.filter((f) => f.rule === rule);

/** What a naive comparison must find: the faults, what they explain, and what is only too fresh to judge. */
function expected(t: Truth): string[] {
  const fresh = t.nearMisses.filter((n) => n.pendingUntil !== null);
  return [...new Set([...t.planted, ...t.absorbed, ...fresh].filter(isKnown).map(name))].sort();
}

describe("planted faults", () => {
  it.each([
    [7, FRIDAY, 40, true],
    [7, FRIDAY, 40, false],
    [1, "2026-12-01T00:10:00.000Z", 40, true],
    [2, "2027-01-01T12:00:00.000Z", 20, true],
    [4, "2026-11-23T09:00:00.000Z", 20, true],
    [6, "2026-11-27T09:00:00.000Z", 20, false],
  ])(
    "are all there is to find: seed %i at %s, %i projects, withheld %s",
    (seed, asOf, projects, withhold) => {
      const firm = seededFirm({ seed, asOf, projects, withhold });
      const answers = plantFaults(firm.firm, firm).truth;
      const found = findDifferences(readBooks(firm.salesforce, firm.netsuite), firm.firm.today);
      expect(found.map(name).sort()).toEqual(expected(answers));
      for (const f of answers.planted.filter(isKnown)) {
        const same = found.find((x) => name(x) === name(f));
        expect([same?.kind, same?.fields]).toEqual([f.kind, f.fields]);
      }
    },
  );

  it("number at least three for every rule, over all legal entities", () => {
    for (const rule of RULES) {
      expect(fault(rule).length, rule).toBeGreaterThanOrEqual(3);
      const currencies = new Set(fault(rule).flatMap((f) => f.money?.currency ?? []));
      if (currencies.size > 0) expect([...currencies].sort(), rule).toEqual(["EUR", "GBP", "USD"]);
    }
    for (const field of ["hours", "work_on", "project_key"])
      expect(fault("TIM-03").filter((f) => f.fields.includes(field)).length).toBe(3);
  });

  it.each([
    [2, "2025-01-15T12:57:00.000Z", 20, 3],
    [6, "2025-12-17T01:18:00.000Z", 21, 3],
    [13, "2026-04-11T16:33:00.000Z", 21, 4],
  ])("are of every rule in a small firm: seed %i at %s", (seed, asOf, projects, months) => {
    const firm = seededFirm({ seed, asOf, projects, months });
    const planted = new Set(plantFaults(firm.firm, firm, { perRule: 1 }).truth.planted.map((f) => f.rule));
    // What keeps a source from being judged comes from how it answers, not from what it holds.
    const ofSources = ["SYS-01", "SYS-02", "SYS-05", "SYS-06", "SYS-07"];
    expect(CATALOGUE.map((r) => r.id).filter((r) => !planted.has(r))).toEqual(ofSources);
  });

  it("are none that another planter undid", () => {
    expect(truth.overtaken).toEqual([]);
  });

  it("are named once each", () => {
    expect(new Set(truth.planted.map(name)).size).toBe(truth.planted.length);
  });

  it("changed longer ago than their rule's settle time, on whatever either side knows of them", () => {
    const changedAt = (key: string): number[] => {
      const bills = [...own.netsuite.rows("timeBill")].filter((b) => b.custcol_psa_time_id === key);
      const linked = ["job", "resourceAllocation", "customer"].flatMap((t) =>
        [...own.netsuite.rows(t)].filter((r) => r.externalId === key),
      );
      const id = key.split("_")[0] ?? "";
      const psa = ["Account", "pse__Proj__c", "pse__Assignment__c", "pse__Timecard_Header__c"].flatMap(
        (t): Row[] => [own.salesforce.get(t, id) ?? []].flat(),
      );
      const behind = psa.flatMap((r): Row[] =>
        r.pse__Schedule__c
          ? [
              own.salesforce.get("pse__Schedule__c", String(r.pse__Schedule__c)) ?? {},
              own.salesforce.get("pse__Proj__c", String(r.pse__Project__c)) ?? {},
            ]
          : [],
      );
      return [
        ...[...bills, ...linked].map((r) => Number(r.lastModifiedDate)),
        ...[...psa, ...behind].map((r) => Number(r.SystemModstamp)),
      ];
    };
    const keyed = truth.planted.filter((f) => !f.key.includes("|"));
    expect(keyed.length).toBeGreaterThan(30);
    for (const f of keyed) {
      const newest = Math.max(...changedAt(f.key));
      expect(own.firm.asOf - newest, name(f)).toBeGreaterThan((SETTLE_HOURS[f.rule] ?? 0) * HOUR);
    }
  });

  it("put no money where the rule puts none, nothing on work that is not billable, and none on what no contract prices", () => {
    for (const f of truth.planted)
      if (["CUS-08", "PRJ-08", "SYS-03"].includes(f.rule)) expect(f.money).toBeNull();
    const missing = fault("TIM-01").map((f) => f.money?.amount ?? null);
    expect(missing).toContain("0.0000");
    expect(missing).toContain(null);
    expect(fault("RAT-02").every((f) => Number(f.money?.amount) > 0)).toBe(true);
  });

  it("carry the money a person would work out: the missing project's approved hours at contract rates", () => {
    const [f] = fault("PRJ-01").filter((x) => x.money?.unpriced === 0);
    const project = own.firm.projects.find((p) => own.salesforceIds.get(p.id) === f?.key);
    const master = own.firm.contracts.find((c) => c.kind === "master" && c.clientId === project?.clientId);
    const byHand = own.firm.timecards
      .filter((c) => c.projectId === project?.id && c.approvedAt !== null && c.isBillable)
      .flatMap((c) =>
        c.hours.map((hours, day) => {
          const on = new Date(Date.parse(c.weekStart) + day * 24 * HOUR).toISOString().slice(0, 10);
          const role = own.firm.people.find((p) => p.id === c.personId)?.role;
          const line = master?.rates.find(
            (r) => r.isSigned && r.role === role && r.startOn <= on && (r.endOn === null || on <= r.endOn),
          );
          return multiply(hours, line?.rate ?? "0");
        }),
      );
    expect(byHand.length).toBeGreaterThan(7);
    expect(add(f?.money?.amount ?? "", "0")).toBe(sum(byHand));
    const fx = { USD: "1", GBP: "1.27", EUR: "1.08" }[f?.money?.currency ?? ""] ?? "";
    expect(f?.money?.reporting).toBe(fixed(multiply(sum(byHand), fx), 4));
  });

  it("lie where a push is possible: not on an invoice, in a period that is still open", () => {
    const lines = new Map(books.psaLines.map((l) => [l.key, l]));
    for (const f of [...fault("TIM-01"), ...fault("TIM-02"), ...fault("TIM-03"), ...fault("TIM-06")]) {
      const line = lines.get(f.key);
      expect(line?.isInvoiced).toBe(false);
      expect(line?.on.slice(0, 7) ?? "").toMatch(/2026-1[01]/);
    }
  });

  it("say what a correct push would write; carrying them all out leaves nothing of those faults", () => {
    const again = seededFirm({ withhold: true });
    const answers = plantFaults(again.firm, again).truth;
    const mark = { at: again.firm.asOf, by: "-5" };
    const find = (type: string, field: string, value: string | null | undefined) =>
      [...again.netsuite.rows(type)].find((r) => r[field] === value);
    const pushed = answers.planted.filter((f) => f.push !== null);
    expect(new Set(pushed.map((f) => f.rule))).toEqual(new Set(["PRJ-01", "RAT-02", "ASG-03", "TIM-01"]));
    for (const f of [...pushed].sort((a, b) => (a.rule < b.rule ? -1 : 1))) {
      const to = Object.fromEntries((f.push?.changes ?? []).map((c) => [c.field, c.to]));
      if (f.rule === "PRJ-01") {
        const row = {
          externalId: f.key,
          entityId: to.code ?? "",
          parent: find("customer", "externalId", to.customer_key)?.id,
          subsidiary: SUBSIDIARY_IDS[to.legal_entity as keyof typeof SUBSIDIARY_IDS],
          startDate: to.start_on,
          projectedEndDate: to.end_on,
        };
        again.netsuite.write("job", null, row, mark);
      } else if (f.rule === "ASG-03") {
        const names: Record<string, string> = {
          start_on: "startDate",
          end_on: "endDate",
          allocation_pct: "percentOfTime",
        };
        const row = Object.fromEntries(Object.entries(to).map(([k, v]) => [names[k] ?? k, v]));
        again.netsuite.write(
          "resourceAllocation",
          String(find("resourceAllocation", "externalId", f.key)?.id),
          row,
          mark,
        );
      } else if (f.rule === "TIM-01") {
        const row = {
          custcol_psa_time_id: f.key,
          customer: find("job", "externalId", to.project_key)?.id,
          employee: find("employee", "externalId", to.resource_key)?.id,
          caseTaskEvent: find("projectTask", "externalId", to.task_key)?.id,
          tranDate: to.work_on,
          hours: to.hours,
          timeType: "A",
          approvalStatus: "3",
        };
        again.netsuite.write("timeBill", null, row, mark);
      } else {
        const [customer, role] = f.key.split("|");
        const card = find("billingRateCard", "externalId", customer);
        const classId = find("billingClass", "name", role)?.id;
        const lines = (
          (card?.lines ?? []) as { billingClassId: string; prices: Record<string, string> }[]
        ).map((l) =>
          l.billingClassId === classId
            ? { ...l, prices: Object.fromEntries(Object.keys(l.prices).map((c) => [c, to.rate ?? ""])) }
            : l,
        );
        again.netsuite.write("billingRateCard", String(card?.id), { lines }, mark);
      }
    }
    const left = findDifferences(readBooks(again.salesforce, again.netsuite), again.firm.today).map(name);
    for (const f of pushed) expect(left).not.toContain(name(f));
  });
});

describe("what must be open at another moment", () => {
  it("is what was planted, at the moment of planting", () => {
    expect(answersAt(own.firm.asOf)).toEqual(truth.planted);
  });

  it("is with what was fresh and has settled since", () => {
    const settle = 8 * HOUR;
    const fresh = truth.nearMisses.filter((n) => n.pendingUntil !== null && !isKnown(n)).map(name);
    const now = answersAt(own.firm.asOf).map(name);
    const later = answersAt(own.firm.asOf + settle).map(name);
    expect(fresh.filter((n) => now.includes(n))).toEqual([]);
    expect(fresh.filter((n) => later.includes(n)).length).toBeGreaterThan(2);
  });

  it("is without the contracts that have ended since", () => {
    const missing = (at: number) => answersAt(at).filter((f) => f.rule === "CON-01");
    const year = 400 * 24 * HOUR;
    expect(missing(own.firm.asOf).length).toBeGreaterThan(0);
    expect(missing(own.firm.asOf + year)).toEqual([]);
  });
});

describe("near misses", () => {
  it("number at least three for every family of rules", () => {
    for (const family of ["CUS", "PRJ", "RAT", "ASG", "TIM"])
      expect(truth.nearMisses.filter((n) => n.rule.startsWith(family)).length).toBeGreaterThanOrEqual(3);
  });

  it("differ for nobody, or only for as long as they are fresh", () => {
    const found = new Set(findDifferences(books, own.firm.today).map(name));
    for (const n of truth.nearMisses.filter(isKnown)) {
      expect(found.has(name(n)), `${name(n)}: ${n.why}`).toBe(n.pendingUntil !== null);
      if (n.pendingUntil !== null) expect(msOf(n.pendingUntil) - own.firm.asOf).toBeGreaterThan(30 * 60_000);
    }
  });
});
