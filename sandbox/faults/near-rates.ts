/** Prices that differ by no more than allowed, are not signed, not in force, or were signed minutes ago. */
import { add } from "#core/decimal";
import { CURRENCY_IDS } from "../firm/netsuite-rows.ts";
import type { RateTarget } from "./plan.ts";
import { erpKey, psaKey, setErpPrice } from "./plant-rates.ts";
import { type Planting, settledAfter } from "./planting.ts";

export function plantNearRates(planting: Planting): void {
  const { plan, stores, sf, ns, settled, office, byHand, ago, firm } = planting;
  const [erp, psa, fresh] = plan.rates.near as readonly [RateTarget, RateTarget, RateTarget];
  const near = (
    comparison: string,
    key: string,
    why: string,
    rule = "RAT-01",
    pendingUntil: string | null = null,
  ) => planting.nearMisses.push({ rule, comparison, key, why, pendingUntil });

  setErpPrice(planting, erp, add(erp.line.rate, "0.005"));
  near("rates-contract-erp", erpKey(planting, erp), "Off by exactly 0.005, which is allowed.", "RAT-02");

  const off = { pse__Suggested_Bill_Rate__c: add(psa.line.rate, "0.005") };
  stores.salesforce.write("pse__Rate_Card__c", sf(`${psa.line.id}-card`), off, office("staffing", settled()));
  near("rates-contract-psa", psaKey(planting, psa), "Off by exactly 0.005, which is allowed.", "RAT-02");

  for (const contract of firm.contracts)
    for (const draft of contract.rates.filter((r) => !r.isSigned).slice(0, 1)) {
      const key = `${sf(contract.clientId)}|${draft.role}|${draft.currency}|${draft.startOn}`;
      near("rates-contract-psa", key, "Next year's price is a draft; nobody signed it.");
    }
  const expired = firm.contracts.flatMap((c) =>
    c.rates.filter((r) => r.endedAt !== null).map((r) => ({ c, r })),
  )[0];
  if (expired) {
    const key = `${sf(expired.c.clientId)}|${expired.r.role}|${expired.r.currency}`;
    if (!planting.faults.some((f) => f.comparison === "rates-contract-erp" && f.key === key))
      near("rates-contract-erp", key, "Last year's price is gone from the ERP's card, as it should be.");
  }

  const signedAt = ago(45);
  const role = "Data Engineer";
  const line = {
    Contract__c: sf(fresh.master.id),
    Account__c: sf(fresh.client.id),
    Role__c: role,
    Rate__c: fresh.line.rate,
    CurrencyIsoCode: fresh.line.currency,
    Start_Date__c: firm.today,
    End_Date__c: null,
    Status__c: "Signed",
  };
  stores.salesforce.write("Contract_Rate__c", null, line, office("legal", signedAt));
  const key = `${sf(fresh.client.id)}|${role}|${fresh.line.currency}`;
  const why = "A new role was signed within the hour; neither system has its price yet.";
  near("rates-contract-erp", key, why, "RAT-01", settledAfter(signedAt, 4));
  near("rates-contract-psa", `${key}|${firm.today}`, why, "RAT-01", settledAfter(signedAt, 4));

  // A price that only the ERP holds is nobody's loss.
  const cardId = ns(`${fresh.client.id}-card`);
  const classId = stores.netsuite.write(
    "billingClass",
    null,
    { name: "Trainer", isInactive: false },
    byHand(settled()),
  );
  const card = stores.netsuite.get("billingRateCard", cardId);
  const extra = { billingClassId: classId, prices: { [CURRENCY_IDS[fresh.client.currency]]: "150.00" } };
  const lines = [...((card?.lines ?? []) as object[]), extra];
  stores.netsuite.write("billingRateCard", cardId, { lines }, byHand(settled()));
  near(
    "rates-contract-erp",
    `${sf(fresh.client.id)}|Trainer|${fresh.line.currency}`,
    "Priced in the ERP for a role on no contract.",
  );
}
