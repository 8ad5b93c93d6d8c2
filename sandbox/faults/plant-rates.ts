/** Contract prices that the ERP's price cards or the PSA's rate cards lack, or hold wrongly; prices entered twice. */
import { add, type DecimalText, equal, subtract } from "#core/decimal";
import { CURRENCY_IDS } from "../firm/netsuite-rows.ts";
import type { Books, ContractLine } from "./books.ts";
import type { RateTarget } from "./plan.ts";
import type { Planting } from "./planting.ts";
import { missingRateStake, wrongRateStake } from "./stakes.ts";

export function plantRates(planting: Planting): void {
  const { plan, stores, sf, faults, settled, office } = planting;
  for (const target of plan.rates.missingErp) {
    setErpPrice(planting, target, null);
    faults.push({
      rule: "RAT-01",
      comparison: "rates-contract-erp",
      key: erpKey(planting, target),
      kind: "missing_right",
      fields: [],
      story: `${target.client.name}: the ERP's card has no price for a ${target.line.role}.`,
      money: (books) => missingRateStake(books, contractLine(books, sf(target.line.id))),
    });
  }
  for (const target of plan.rates.missingPsa) {
    stores.salesforce.remove(
      "pse__Rate_Card__c",
      sf(`${target.line.id}-card`),
      office("staffing", settled()),
    );
    faults.push({
      rule: "RAT-01",
      comparison: "rates-contract-psa",
      key: psaKey(planting, target),
      kind: "missing_right",
      fields: [],
      story: `${target.client.name}: the PSA's rate card row for a ${target.line.role} was deleted.`,
      money: (books) => missingRateStake(books, contractLine(books, sf(target.line.id))),
    });
  }
  for (const [n, target] of plan.rates.wrongErp.entries()) {
    const key = erpKey(planting, target);
    const wrong = wrongRate(target, n);
    setErpPrice(planting, target, wrong);
    faults.push({
      rule: "RAT-02",
      comparison: "rates-contract-erp",
      key,
      kind: "mismatch",
      fields: ["rate"],
      story: `${target.client.name}: the ERP bills a ${target.line.role} at ${wrong}, signed is ${target.line.rate}.`,
      money: (books) => wrongRateStake(books, contractLine(books, sf(target.line.id)), wrong),
      push: (books) => ({
        targetRole: "erp",
        entity: "rate_line",
        action: "update",
        key,
        changes: [{ field: "rate", from: wrong, to: contractLine(books, sf(target.line.id)).rate }],
      }),
    });
  }
  for (const [n, target] of plan.rates.wrongPsa.entries()) {
    const wrong = wrongRate(target, n + 1);
    const fields = { pse__Suggested_Bill_Rate__c: wrong };
    stores.salesforce.write(
      "pse__Rate_Card__c",
      sf(`${target.line.id}-card`),
      fields,
      office("staffing", settled()),
    );
    faults.push({
      rule: "RAT-02",
      comparison: "rates-contract-psa",
      key: psaKey(planting, target),
      kind: "mismatch",
      fields: ["rate"],
      story: `${target.client.name}: the PSA plans a ${target.line.role} at ${wrong}, signed is ${target.line.rate}.`,
      money: (books) => wrongRateStake(books, contractLine(books, sf(target.line.id)), wrong),
    });
  }
  for (const { master, line } of plan.repeatedRates) {
    const copy = {
      Contract__c: sf(master.id),
      Account__c: sf(master.clientId),
      Role__c: line.role,
      Rate__c: line.rate,
      CurrencyIsoCode: line.currency,
      Start_Date__c: line.startOn,
      End_Date__c: line.endOn,
      Status__c: "Signed",
    };
    stores.salesforce.write("Contract_Rate__c", null, copy, office("sales", settled()));
  }
  faults.push({
    rule: "SYS-03",
    comparison: "rates-contract-psa",
    key: "rates-contract-psa|left|duplicate_key",
    kind: "duplicate_key",
    fields: [],
    story: "Prices of an earlier year were entered a second time on one contract.",
  });
}

/** Sets or (null) takes away a role's price on a customer's card. */
export function setErpPrice(
  planting: Planting,
  { client, line }: RateTarget,
  price: DecimalText | null,
): void {
  const { netsuite } = planting.stores;
  const cardId = planting.ns(`${client.id}-card`);
  const classId = planting.ns(`class:${line.role}`);
  const card = netsuite.get("billingRateCard", cardId);
  const others = ((card?.lines ?? []) as { billingClassId: string }[]).filter(
    (l) => l.billingClassId !== classId,
  );
  const own =
    price === null ? [] : [{ billingClassId: classId, prices: { [CURRENCY_IDS[client.currency]]: price } }];
  netsuite.write(
    "billingRateCard",
    cardId,
    { lines: [...others, ...own] },
    planting.byHand(planting.settled()),
  );
}

export function erpKey({ sf }: Planting, { client, line }: RateTarget): string {
  return `${sf(client.id)}|${line.role}|${line.currency}`;
}

export function psaKey(planting: Planting, target: RateTarget): string {
  return `${erpKey(planting, target)}|${target.line.startOn}`;
}

/** The price of the year before (the uplift was missed), a slip upwards, or a round sum. */
function wrongRate({ master, line }: RateTarget, n: number): DecimalText {
  const before = master.rates.find((r) => r.role === line.role && r.isSigned && r.startOn < line.startOn);
  const candidates = [
    before?.rate ?? subtract(line.rate, "12.5"),
    add(line.rate, "5"),
    subtract(line.rate, "10"),
  ];
  const wrong = candidates[n % candidates.length] as DecimalText;
  return equal(wrong, line.rate) ? subtract(line.rate, "2.5") : wrong;
}

function contractLine(books: Books, id: string): ContractLine {
  const line = books.contractLines.find((l) => l.id === id);
  if (!line) throw new RangeError(`No contract rate ${id}`);
  return line;
}
