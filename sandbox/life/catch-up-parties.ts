/** What people do about clients and sales that were merely fresh when they were looked at. */
import { userOf } from "../firm/actors.ts";
import { CURRENCY_IDS, SUBSIDIARY_IDS, TERMS_IDS } from "../firm/netsuite-rows.ts";
import type { Row } from "../vendor-store.ts";
import type { CatchUp } from "./catch-up.ts";
import { mark } from "./catch-up.ts";

/** Sets a signed client up in the ERP. */
export function createCustomer({ stores, key, at }: CatchUp): void {
  const account = stores.salesforce.get("Account", key);
  if (!account || customerOf(stores, key)) return;
  const fields = {
    externalId: key,
    entityId: `C-${key}`,
    companyName: account.Name,
    subsidiary: SUBSIDIARY_IDS[account.Legal_Entity__c as keyof typeof SUBSIDIARY_IDS],
    currency: CURRENCY_IDS[account.CurrencyIsoCode as keyof typeof CURRENCY_IDS],
    terms: TERMS_IDS["Net 30"],
    creditHoldOverride: "AUTO",
    isInactive: false,
    isPerson: false,
  };
  stores.netsuite.write("customer", null, fields, mark(at));
}

/** Asks a client to pay by the day it signed. */
export function alignTerms({ stores, key, at }: CatchUp): void {
  const customer = customerOf(stores, key);
  const contract = [...stores.salesforce.rows("Contract")].find(
    (c) => c.AccountId === key && c.Status === "Activated" && c.Payment_Terms__c,
  );
  const terms = TERMS_IDS[String(contract?.Payment_Terms__c) as keyof typeof TERMS_IDS];
  if (customer && terms) stores.netsuite.write("customer", String(customer.id), { terms }, mark(at));
}

export function releaseHold({ stores, key, at }: CatchUp): void {
  const customer = customerOf(stores, key);
  if (customer)
    stores.netsuite.write("customer", String(customer.id), { creditHoldOverride: "AUTO" }, mark(at));
}

/** The sale was not opened again after all, or was not won. */
export function winAgain({ stores, key, at }: CatchUp): void {
  const by = userOf(stores.salesforceIds, "sales");
  stores.salesforce.write("Opportunity", key, { StageName: "Closed Won" }, { at, by });
}

export function takeBackSale({ stores, key, at }: CatchUp): void {
  const by = userOf(stores.salesforceIds, "sales");
  stores.salesforce.write("Opportunity", key, { StageName: "Negotiation/Review" }, { at, by });
}

/** A person the PSA knows is set up in the ERP. */
export function hireEmployee({ stores, key, at }: CatchUp): void {
  const contact = [...stores.salesforce.rows("Contact")].find(
    (c) => c.pse__ERP_Worker_Correlation_Id__c === key,
  );
  if (!contact || [...stores.netsuite.rows("employee")].some((e) => e.externalId === key)) return;
  const role = [...stores.netsuite.rows("billingClass")].find(
    (c) => c.name === contact.pse__Resource_Role__c,
  );
  const fields = {
    externalId: key,
    entityId: `${contact.FirstName} ${contact.LastName}`,
    firstName: contact.FirstName,
    lastName: contact.LastName,
    title: contact.pse__Resource_Role__c,
    subsidiary: SUBSIDIARY_IDS[contact.Legal_Entity__c as keyof typeof SUBSIDIARY_IDS],
    currency: CURRENCY_IDS[contact.CurrencyIsoCode as keyof typeof CURRENCY_IDS],
    laborCost: contact.pse__Default_Cost_Rate__c,
    billingClass: role?.id ?? null,
    isJobResource: true,
    isInactive: false,
  };
  stores.netsuite.write("employee", null, fields, mark(at));
}

function customerOf({ netsuite }: CatchUp["stores"], key: string): Row | undefined {
  for (const row of netsuite.rows("customer")) if (row.externalId === key) return row;
  return undefined;
}
