/** The answers of the rules about rates. */
import { compare, type DecimalText, fixed, multiply, subtract, sum } from "#core/decimal";
import type { IsoDate } from "#core/time";
import type { Books, PsaLine } from "../faults/books.ts";
import { expectedRate, isOverCap, isUnbilled, stake, unbilledProjectStake } from "../faults/stakes.ts";
import { earlier, HOUR, later } from "../firm/calendar.ts";
import { CURRENCY_IDS } from "../firm/netsuite-rows.ts";
import type { Row } from "../vendor-store.ts";
import type { Answer, Evaluate } from "./answer.ts";
import { groupBy } from "./group-by.ts";

const FOREVER = "9999-12-31";

/** A price of one role for one customer, with when it was last touched. */
interface Price {
  key: string;
  rate: DecimalText;
  from: IsoDate;
  to: IsoDate;
  changedAt: number;
}

const keyOf = (row: Row, customer: string, role: string) =>
  `${row[customer]}|${row[role]}|${row.CurrencyIsoCode}`;

function signedPrices(rows: Iterable<Row>): Price[] {
  return [...rows]
    .filter((row) => row.IsDeleted !== true && row.Status__c === "Signed")
    .map((row) => ({
      key: keyOf(row, "Account__c", "Role__c"),
      rate: String(row.Rate__c),
      from: String(row.Start_Date__c),
      to: row.End_Date__c ? String(row.End_Date__c) : FOREVER,
      changedAt: Number(row.LastModifiedDate),
    }));
}

function deliveryPrices(rows: Iterable<Row>): Price[] {
  return [...rows]
    .filter((row) => row.IsDeleted !== true && Boolean(row.pse__Account__c))
    .map((row) => ({
      key: keyOf(row, "pse__Account__c", "pse__Role__c"),
      rate: String(row.pse__Suggested_Bill_Rate__c),
      from: String(row.pse__Start_Date__c),
      to: row.pse__End_Date__c ? String(row.pse__End_Date__c) : FOREVER,
      changedAt: Number(row.LastModifiedDate),
    }));
}

/** The customer, role and currency that price a line. */
function priceKey(books: Books, line: PsaLine): string {
  const project = books.psaProjects.get(line.project);
  return `${project?.customer}|${books.resources.get(line.resource)?.role}|${project?.currency}`;
}

const currencyOf = (key: string) => key.split("|").at(-1) ?? "";

/** Unbilled work on days without a rate, where the role has one on other days. */
const gaps: Evaluate = ({ firm, stores, books }) => {
  const prices = groupBy(signedPrices(stores.salesforce.rows("Contract_Rate__c")), (p) => p.key);
  const unpriced = books.psaLines.filter(
    (l) => isUnbilled(l) && expectedRate(books, l.project, l.resource, l.on) === null,
  );
  return [...groupBy(unpriced, (l) => priceKey(books, l))].flatMap(([key, lines]): Answer[] => {
    const known = (prices.get(key) ?? []).toSorted((a, b) => (a.from > b.from ? -1 : 1));
    if (known.length === 0 || known.some((p) => p.changedAt > firm.asOf - 4 * HOUR)) return [];
    const last =
      lines
        .map((l) => l.on)
        .toSorted()
        .at(-1) ?? "";
    const rate = (known.find((p) => p.from <= last) ?? known.at(-1))?.rate ?? "0";
    const amount = sum(lines.map((l) => fixed(multiply(rate, l.hours), 4)));
    return [
      {
        rule: "RAT-03",
        comparison: "rate-gaps",
        key,
        kind: "mismatch",
        fields: ["hours"],
        money: stake(amount, currencyOf(key)),
      },
    ];
  });
};

/** Days on which more than one price of a role runs in one system. */
const overlaps: Evaluate = ({ firm, stores, books }) => {
  const found = (comparison: string, prices: readonly Price[]): Answer[] =>
    [...groupBy(prices, (p) => p.key)].flatMap(([key, all]): Answer[] => {
      if (all.some((p) => p.changedAt > firm.asOf - 24 * HOUR)) return [];
      const doubled = all.flatMap((a, n) =>
        all
          .slice(n + 1)
          .map((b) => ({ from: later(a.from, b.from), to: earlier(a.to, b.to) }))
          .filter((o) => o.from <= o.to),
      );
      if (doubled.length === 0) return [];
      const from = doubled.map((o) => o.from).toSorted()[0] ?? "";
      const to =
        doubled
          .map((o) => o.to)
          .toSorted()
          .at(-1) ?? "";
      const running = all.filter((p) => p.from <= to && p.to >= from).map((p) => p.rate);
      const high = running.reduce((a, b) => (compare(b, a) > 0 ? b : a));
      const low = running.reduce((a, b) => (compare(b, a) < 0 ? b : a));
      const hours = books.psaLines
        .filter((l) => isUnbilled(l) && priceKey(books, l) === key && from <= l.on && l.on <= to)
        .map((l) => fixed(multiply(subtract(high, low), isOverCap(books, l.key) ? "0" : l.hours), 4));
      return [
        {
          rule: "RAT-04",
          comparison,
          key,
          kind: "mismatch",
          fields: ["overlaps"],
          money: stake(sum(hours), currencyOf(key)),
        },
      ];
    });
  return [
    ...found("rates-overlap-crm", signedPrices(stores.salesforce.rows("Contract_Rate__c"))),
    ...found("rates-overlap-psa", deliveryPrices(stores.salesforce.rows("pse__Rate_Card__c"))),
  ];
};

/** Active billable projects whose ERP project is in another currency. */
const currencies: Evaluate = ({ firm, stores, books }) => {
  const codes = new Map<string, string>(Object.entries(CURRENCY_IDS).map(([code, id]) => [id, code]));
  return [...books.psaProjects.values()].flatMap((project): Answer[] => {
    if (!project.isActive || !project.isBillable) return [];
    const jobs = [...stores.netsuite.rows("job")].filter((j) => j.externalId === project.id);
    const [job] = jobs;
    const currency = job && codes.get(String(job.currency));
    if (jobs.length !== 1 || !job || !currency || currency === project.currency) return [];
    const own = stores.salesforce.get("pse__Proj__c", project.id);
    if (Math.max(Number(job.lastModifiedDate), Number(own?.LastModifiedDate)) > firm.asOf - 4 * HOUR)
      return [];
    return [
      {
        rule: "RAT-06",
        comparison: "project-currency",
        key: project.id,
        kind: "mismatch",
        fields: ["billed_in"],
        money: unbilledProjectStake(books, project.id),
      },
    ];
  });
};

export const RATE_ANSWERS: readonly Evaluate[] = [gaps, overlaps, currencies];
