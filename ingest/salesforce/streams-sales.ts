/** Clients and sales: Account and Opportunity. Ids of this org are the ids all systems agree on, so references are keys already. */
import { mapping } from "../payload.ts";
import type { Platform } from "../salesforce-platform/client.ts";
import { objectStream } from "../salesforce-platform/object-stream.ts";
import { agreedKeys, optionalText, type Tenant } from "../salesforce-platform/row.ts";
import type { SalesforceSettings } from "./settings.ts";

export function accountStream(platform: Platform, tenant: Tenant, s: SalesforceSettings) {
  const { activeField, activeValues, legalEntityField, taxNumberField } = s.account;
  return objectStream(platform, {
    object: "Account",
    yields: "customer",
    fields: [
      "Name",
      "AccountNumber",
      "ParentId",
      s.currencyField,
      legalEntityField,
      activeField,
      taxNumberField,
    ],
    map: mapping((f) => {
      const id = f.required("Id");
      const parent = f.text("ParentId");
      return [
        {
          entity: "customer",
          nativeId: id,
          key: id,
          ...agreedKeys({ parent_key: parent }),
          data: {
            name: f.text("Name"),
            legal_entity: tenant.legalEntity(optionalText(f, legalEntityField)),
            currency: tenant.currency(f),
            is_active: activeField === null || activeValues.includes(f.text(activeField)),
            rate_card_ref: "",
            parent_ref: parent,
            tax_number: optionalText(f, taxNumberField),
          },
        },
      ];
    }),
  });
}

export function opportunityStream(platform: Platform, tenant: Tenant, s: SalesforceSettings) {
  return objectStream(platform, {
    object: "Opportunity",
    yields: "opportunity",
    fields: [
      "Name",
      "AccountId",
      "ContractId",
      "StageName",
      "IsWon",
      "IsClosed",
      "Amount",
      "CloseDate",
      s.currencyField,
    ],
    map: mapping((f) => {
      const id = f.required("Id");
      const customer = f.text("AccountId");
      const contract = f.text("ContractId");
      return [
        {
          entity: "opportunity",
          nativeId: id,
          key: id,
          ...agreedKeys({ customer_key: customer, contract_key: contract }),
          data: {
            name: f.text("Name"),
            customer_ref: customer,
            contract_ref: contract,
            stage: f.text("StageName"),
            is_won: f.flag("IsWon"),
            is_closed: f.flag("IsClosed"),
            amount: f.decimal("Amount"),
            currency: tenant.currency(f),
            close_on: f.date("CloseDate"),
          },
        },
      ];
    }),
  });
}
