/** Replays the firm's history in its Salesforce org: sales and contracts. The PSA's part is in seed-certinia.ts. */
import type { VendorStore } from "../vendor-store.ts";
import { createUsers, userOf } from "./actors.ts";
import { DAY, HOUR, MINUTE } from "./calendar.ts";
import type { Contract, Firm, Opportunity } from "./model.ts";
import { createReplay, idOf, type Replay, type VendorIds, type Withheld } from "./replay.ts";
import { seedCertinia } from "./seed-certinia.ts";

/** The firm's own ids → Salesforce ids; also `<assignment>-schedule`, `<rate>-card`, `user:<person or desk>`. */
export type SalesforceIds = Map<string, string>;

/**
 * Writes everything the firm did up to its last instant, oldest first. Returns the ids it was given. What is withheld from the
 * ERP was never invoiced, so the PSA does not say it was.
 */
export function seedSalesforce(
  firm: Firm,
  store: VendorStore,
  withheld: Withheld = new Set<string>(),
): SalesforceIds {
  const ids: SalesforceIds = new Map();
  const replay = createReplay();
  createUsers(firm.people, store, ids, Math.min(...firm.clients.map((c) => c.createdAt)) - 30 * DAY);
  for (const client of firm.clients)
    replay.step(client.createdAt, (at) =>
      ids.set(
        client.id,
        store.write(
          "Account",
          null,
          {
            Name: client.name,
            AccountNumber: client.number,
            Type: "Customer",
            CurrencyIsoCode: client.currency,
            Legal_Entity__c: client.entity,
            Status__c: "Active",
            Tax_Number__c: client.taxNumber,
          },
          { at, by: userOf(ids, "sales") },
        ),
      ),
    );
  for (const client of firm.clients) {
    const parent = firm.clients.find((c) => c.id === client.parentId);
    if (parent)
      replay.step(Math.max(client.createdAt, parent.createdAt) + HOUR, (at) => {
        const fields = { ParentId: idOf(ids, parent.id) };
        store.write("Account", idOf(ids, client.id), fields, { at, by: userOf(ids, "sales") });
      });
  }
  for (const opportunity of firm.opportunities) seedOpportunity(opportunity, store, ids, replay);
  for (const contract of firm.contracts) seedContract(contract, store, ids, replay);
  seedCertinia(firm, store, ids, replay, withheld);
  replay.run();
  return ids;
}

function seedOpportunity(
  opportunity: Opportunity,
  store: VendorStore,
  ids: SalesforceIds,
  replay: Replay,
): void {
  for (const [n, { stage, at }] of opportunity.stages.entries())
    replay.step(at, () => {
      const outcome = { StageName: stage };
      const fields =
        n === 0
          ? {
              Name: opportunity.name,
              AccountId: idOf(ids, opportunity.clientId),
              Amount: opportunity.amount,
              CloseDate: opportunity.closeOn,
              CurrencyIsoCode: opportunity.currency,
              ContractId: null,
              ...outcome,
            }
          : outcome;
      const id = store.write("Opportunity", ids.get(opportunity.id) ?? null, fields, {
        at,
        by: userOf(ids, "sales"),
      });
      ids.set(opportunity.id, id);
    });
}

function seedContract(contract: Contract, store: VendorStore, ids: SalesforceIds, replay: Replay): void {
  const sales = userOf(ids, "sales");
  const legal = userOf(ids, "legal");
  replay.step(contract.createdAt, (at) => {
    const id = store.write("Contract", null, contractRow(contract, ids), { at, by: sales });
    ids.set(contract.id, id);
    if (contract.opportunityId)
      store.write("Opportunity", idOf(ids, contract.opportunityId), { ContractId: id }, { at, by: sales });
  });
  replay.step((contract.createdAt + contract.signedAt) / 2, (at) => {
    store.write("Contract", idOf(ids, contract.id), { Status: "In Approval Process" }, { at, by: sales });
  });
  replay.step(contract.signedAt, (at) => {
    const signed = { Status: "Activated", Signed_Date__c: contract.signedOn };
    store.write("Contract", idOf(ids, contract.id), signed, { at, by: legal });
  });
  for (const amendment of contract.amendments) {
    replay.step(amendment.createdAt, (at) => {
      const fields = {
        Contract__c: idOf(ids, contract.id),
        Name: amendment.name,
        Status__c: "Draft",
        Effective_Date__c: amendment.effectiveOn,
        End_Date__c: amendment.endOn,
        Value__c: amendment.value,
        CurrencyIsoCode: contract.currency,
      };
      ids.set(amendment.id, store.write("Contract_Amendment__c", null, fields, { at, by: sales }));
    });
    replay.step(amendment.signedAt, (at) => {
      const signed = { Status__c: "Signed", Signed_Date__c: amendment.signedOn };
      store.write("Contract_Amendment__c", idOf(ids, amendment.id), signed, { at, by: legal });
    });
  }
  for (const rate of contract.rates) {
    // Rates are drafted under the contract they belong to, never before it exists.
    replay.step(Math.max(rate.createdAt, contract.createdAt + MINUTE), (at) => {
      const fields = {
        Contract__c: idOf(ids, contract.id),
        Account__c: idOf(ids, contract.clientId),
        Role__c: rate.role,
        Rate__c: rate.rate,
        CurrencyIsoCode: rate.currency,
        Start_Date__c: rate.startOn,
        End_Date__c: null,
        Status__c: "Draft",
      };
      ids.set(rate.id, store.write("Contract_Rate__c", null, fields, { at, by: sales }));
    });
    if (rate.isSigned)
      replay.step(rate.signedAt, (at) => {
        store.write("Contract_Rate__c", idOf(ids, rate.id), { Status__c: "Signed" }, { at, by: legal });
      });
    if (rate.endedAt !== null)
      replay.step(rate.endedAt, (at) => {
        store.write("Contract_Rate__c", idOf(ids, rate.id), { End_Date__c: rate.endOn }, { at, by: legal });
      });
  }
}

function contractRow(contract: Contract, ids: VendorIds) {
  return {
    AccountId: idOf(ids, contract.clientId),
    Status: "Draft",
    StartDate: contract.startOn,
    EndDate: contract.endOn,
    Value__c: contract.value,
    CurrencyIsoCode: contract.currency,
    Legal_Entity__c: contract.entity,
    Signed_Date__c: null,
    Billing_Type__c: contract.billingType,
    Cap__c: contract.cap,
    Discount__c: null,
    Payment_Terms__c: contract.paymentTerms,
    PO_Required__c: contract.poNumber !== null,
    PO_Number__c: contract.poNumber,
    Opportunity__c: contract.opportunityId ? idOf(ids, contract.opportunityId) : null,
  };
}
