/** Which exceptions there must be about customers. */
import { divide, multiply } from "#core/decimal";
import {
  type ErpCustomer,
  erpCustomers,
  isQuiet,
  live,
  type SignedContract,
  signedContracts,
  text,
  unbilledOf,
  workedProjects,
  worth,
} from "./agreements.ts";
import type { Answer, Evaluate, Evidence } from "./answer.ts";

interface Client {
  id: string;
  currency: string;
  parent: string;
  contracts: readonly SignedContract[];
  erp: ErpCustomer | undefined;
  /** When the newest of it all changed. */
  changedAt: number;
}

/** Clients with a signed contract that has not ended. */
function clientsOf({ firm, stores }: Evidence): Client[] {
  const contracts = signedContracts(stores).filter((c) => c.endOn === null || c.endOn >= firm.today);
  const known = new Map(erpCustomers(stores).map((c) => [c.key, c]));
  return [...live(stores.salesforce, "Account")].flatMap((row): Client[] => {
    const id = text(row, "Id");
    const own = contracts.filter((c) => c.customer === id);
    const erp = known.get(id);
    const stamps = [row.LastModifiedDate, erp?.changedAt ?? 0, ...own.map((c) => c.changedAt)].map(Number);
    const client = { id, currency: text(row, "CurrencyIsoCode"), parent: text(row, "ParentId") };
    return own.length === 0 ? [] : [{ ...client, contracts: own, erp, changedAt: Math.max(...stamps) }];
  });
}

/** "Net 30" and "30 days" are one: the number of days, where there is one number. */
function days(terms: string): string {
  const numbers = terms.match(/\d+/g) ?? [];
  return numbers.length === 1 ? `${numbers[0]} days` : terms.trim().toLowerCase();
}

const mismatch = { comparison: "clients", kind: "mismatch" } as const;

const missing: Evaluate = (evidence) =>
  clientsOf(evidence)
    .filter((c) => c.erp === undefined && isQuiet(evidence.firm, 1, c.changedAt))
    .map((c) => ({
      rule: "CUS-01",
      comparison: "clients",
      key: c.id,
      kind: "missing_right",
      fields: [],
      money: worth(evidence.books, unbilledOf(evidence.books, c.id, c.currency), c.currency),
    }));

/** Legal entity, currency, terms and parent, as the ERP has them and as they were signed. */
const differing: Evaluate = (evidence) =>
  clientsOf(evidence).flatMap((c): Answer[] => {
    const { erp, contracts } = c;
    if (!erp) return [];
    const unbilled = unbilledOf(evidence.books, c.id, c.currency);
    const answer = (rule: string, fields: string[], money: Answer["money"]): Answer => ({
      ...mismatch,
      rule,
      key: c.id,
      fields,
      money,
    });
    const all = worth(evidence.books, unbilled, c.currency);
    const answers: Answer[] = [];
    if (isQuiet(evidence.firm, 1, c.changedAt) && contracts.every((k) => k.entity !== erp.entity))
      answers.push(answer("CUS-03", ["signing_entity"], all));
    if (!isQuiet(evidence.firm, 24, c.changedAt)) return answers;
    const signed = [...new Set(contracts.map((k) => k.terms).filter((t) => t !== ""))].map(days);
    const otherMoney = contracts.every((k) => k.currency !== erp.currency);
    const otherTerms = signed.length > 0 && !signed.includes(days(erp.terms));
    if (otherMoney || otherTerms) {
      const number = (terms: string) => terms.match(/\d+/)?.[0];
      const [a, b] = [number([...signed].sort().join(", ")), number(erp.terms)];
      const apart = a === undefined || b === undefined ? null : Math.abs(Number(a) - Number(b));
      const cost = (v: string) => divide(multiply(v, String((apart ?? 0) * 8)), "36500");
      const fields = [...(otherMoney ? ["signing_currency"] : []), ...(otherTerms ? ["payment_terms"] : [])];
      const money = otherMoney
        ? all
        : apart === null
          ? null
          : worth(evidence.books, unbilled, c.currency, cost);
      answers.push(answer("CUS-05", fields, money));
    }
    if (erp.parent !== c.parent) answers.push(answer("CUS-07", ["parent_key"], all));
    return answers;
  });

const blocked: Evaluate = ({ firm, stores, books }) =>
  erpCustomers(stores).flatMap((c): Answer[] => {
    const projects = workedProjects(stores).filter((p) => p.customer === c.key && p.isActive && p.isBillable);
    if (c.key === null || projects.length === 0 || (c.isActive && !c.isOnHold)) return [];
    if (!isQuiet(firm, 1, c.changedAt, Math.min(...projects.map((p) => p.changedAt)))) return [];
    const currency = projects.map((p) => p.currency).sort()[0] ?? "";
    const money = worth(books, unbilledOf(books, c.key, currency), currency);
    return [
      { rule: "CUS-06", comparison: "client-work", key: c.key, kind: "mismatch", fields: ["status"], money },
    ];
  });

const twice: Evaluate = ({ firm, stores, books }) => {
  const groups = new Map<string, ErpCustomer[]>();
  const put = (key: string, c: ErpCustomer) => groups.set(key, [...(groups.get(key) ?? []), c]);
  const taxOf = (c: ErpCustomer) => c.taxNumber.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
  for (const c of erpCustomers(stores).filter((x) => x.isActive)) {
    if (taxOf(c) !== "") put(`tax:${taxOf(c)}`, c);
    const name = c.name.normalize("NFKC").replace(/\s+/g, " ").trim().toLowerCase();
    if (name !== "") put(`name:${name}|${c.entity}`, c);
  }
  return [...groups].flatMap(([key, members]): Answer[] => {
    const taxes = new Set(members.map(taxOf));
    const isSameTax = key.startsWith("name:") && taxes.size === 1 && !taxes.has("");
    if (members.length < 2 || isSameTax || !isQuiet(firm, 24, ...members.map((m) => m.changedAt))) return [];
    const customer = members.flatMap((m) => m.key ?? []).sort()[0];
    const currency = members.map((m) => m.currency).sort()[0] ?? "";
    const lines = customer === undefined ? [] : unbilledOf(books, customer, currency);
    const money = worth(books, lines, currency);
    return [
      { rule: "CUS-02", comparison: "customer-records", key, kind: "mismatch", fields: ["records"], money },
    ];
  });
};

export const CUSTOMER_ANSWERS: readonly Evaluate[] = [missing, differing, blocked, twice];
