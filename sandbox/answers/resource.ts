/** The answers of the rules about people. */
import { abs, compare, multiply, subtract, sum } from "#core/decimal";
import { stake } from "../faults/stakes.ts";
import type { Row } from "../vendor-store.ts";
import type { Answer, Evaluate, Evidence } from "./answer.ts";
import {
  byExternalId,
  changedAt,
  currencyOf,
  groupBy,
  isSettled,
  liveRows,
  type OpenLine,
  openLines,
  worth,
} from "./delivery-facts.ts";

interface Worker {
  key: string;
  psa: Row;
  isActive: boolean;
  currency: string;
  erp: Row | undefined;
  lines: readonly OpenLine[];
}

/** People of the PSA with the employee of the same number, and their open time in their own currency and in all. */
function workers(evidence: Evidence): Worker[] {
  const employees = byExternalId(evidence.stores.netsuite, "employee");
  const lines = groupBy(openLines(evidence), (l) => l.resource);
  return liveRows(evidence.stores.salesforce, "Contact")
    .filter((row) => row.pse__Is_Resource__c === true && row.pse__ERP_Worker_Correlation_Id__c)
    .map((psa) => {
      const key = String(psa.pse__ERP_Worker_Correlation_Id__c);
      return {
        key,
        psa,
        isActive: psa.pse__Is_Resource_Active__c === true,
        currency: String(psa.CurrencyIsoCode),
        erp: employees.get(key)?.[0],
        lines: lines.get(key) ?? [],
      };
    });
}

const inOwnCurrency = ({ books }: Evidence, w: Worker) =>
  w.lines.filter((l) => currencyOf(books, l.project) === w.currency);

const missing: Evaluate = (evidence) =>
  workers(evidence).flatMap((w): Answer[] => {
    if (!w.isActive || w.erp || !isSettled(evidence, 24, [changedAt(w.psa)])) return [];
    const money = worth(evidence.books, inOwnCurrency(evidence, w), w.currency);
    return [
      { rule: "RES-01", comparison: "resources", key: w.key, kind: "missing_right", fields: [], money },
    ];
  });

const words = (text: unknown) =>
  String(text ?? "")
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .join(" ");

const role: Evaluate = (evidence) =>
  workers(evidence).flatMap((w): Answer[] => {
    if (!w.isActive || !w.erp || !isSettled(evidence, 24, [changedAt(w.psa), changedAt(w.erp)])) return [];
    const billingClass = evidence.stores.netsuite.get("billingClass", String(w.erp.billingClass ?? ""));
    const [left, right] = [words(w.psa.pse__Resource_Role__c), words(billingClass?.name)];
    if (left === "" || right === "" || left === right) return [];
    const money = stake("0", w.currency);
    return [
      {
        rule: "RES-02",
        comparison: "resources",
        key: w.key,
        kind: "mismatch",
        fields: ["role_name"],
        money,
      },
    ];
  });

const cost: Evaluate = (evidence) =>
  workers(evidence).flatMap((w): Answer[] => {
    const [psa, erp] = [w.psa.pse__Default_Cost_Rate__c, w.erp?.laborCost];
    if (!w.isActive || !w.erp || !psa || !erp) return [];
    if (!isSettled(evidence, 24, [changedAt(w.psa), changedAt(w.erp)])) return [];
    const difference = abs(subtract(String(erp), String(psa)));
    if (compare(multiply(difference, "100"), multiply(abs(String(erp)), "0.5")) <= 0) return [];
    const money = stake(multiply(difference, sum(w.lines.map((l) => l.hours))), w.currency);
    return [
      {
        rule: "RES-03",
        comparison: "cost-rates",
        key: w.key,
        kind: "mismatch",
        fields: ["cost_rate"],
        money,
      },
    ];
  });

const left: Evaluate = (evidence) => {
  const { firm, books, stores } = evidence;
  return workers(evidence).flatMap((w): Answer[] => {
    const lastOn = w.erp?.releaseDate ? String(w.erp.releaseDate) : null;
    const hasLeft = w.erp && (w.erp.isInactive === true || (lastOn !== null && lastOn < firm.today));
    if (!hasLeft) return [];
    const bookings = [...books.psaAssignments.values()].filter(
      (a) =>
        a.resource === w.key &&
        a.isScheduled &&
        a.endOn >= firm.today &&
        (lastOn === null || a.endOn > lastOn),
    );
    const late = w.lines.filter((l) => lastOn !== null && l.on > lastOn);
    if (bookings.length + late.length === 0) return [];
    const booked = bookings.map((a) => {
      const row = stores.salesforce.get("pse__Assignment__c", a.id);
      return Math.max(
        changedAt(row),
        changedAt(stores.salesforce.get("pse__Schedule__c", String(row?.pse__Schedule__c))),
      );
    });
    const facts = [changedAt(w.psa), changedAt(w.erp), ...booked, ...late.map((l) => l.changedAt)];
    if (!isSettled(evidence, 4, facts)) return [];
    const money = worth(
      books,
      late.filter((l) => currencyOf(books, l.project) === w.currency),
      w.currency,
    );
    const fields = [...(bookings.length > 0 ? ["bookings"] : []), ...(late.length > 0 ? ["late_lines"] : [])];
    return [{ rule: "RES-04", comparison: "leavers", key: w.key, kind: "mismatch", fields, money }];
  });
};

export const RESOURCE_ANSWERS: readonly Evaluate[] = [missing, role, cost, left];
