/** Rate cards: in this package every row is both a price list and its only line. */
import { compare } from "#core/decimal";
import { mapping, reject } from "../payload.ts";
import type { Platform } from "../salesforce-platform/client.ts";
import { objectStream } from "../salesforce-platform/object-stream.ts";
import { agreedKeys, type Tenant } from "../salesforce-platform/row.ts";
import type { CertiniaSettings } from "./settings.ts";

export function rateCardStream(platform: Platform, tenant: Tenant, s: CertiniaSettings) {
  return objectStream(platform, {
    object: "pse__Rate_Card__c",
    yields: "rate_line",
    also: ["rate_card"],
    fields: [
      "Name",
      "pse__Account__c",
      "pse__Role__c",
      "pse__Suggested_Bill_Rate__c",
      "pse__Start_Date__c",
      "pse__End_Date__c",
      s.currencyField,
    ],
    map: mapping((f) => {
      const id = f.required("Id");
      const customer = f.text("pse__Account__c");
      const rate =
        f.decimal("pse__Suggested_Bill_Rate__c") ??
        reject("bad-number", "pse__Suggested_Bill_Rate__c is empty.");
      if (compare(rate, "0") < 0)
        reject("out-of-range", `pse__Suggested_Bill_Rate__c holds ${rate}; a rate is not negative.`);
      return [
        {
          entity: "rate_card",
          nativeId: id,
          key: id,
          ...agreedKeys({ customer_key: customer }),
          data: { name: f.text("Name"), customer_ref: customer, is_active: true },
        },
        {
          entity: "rate_line",
          nativeId: id,
          key: id,
          ...agreedKeys({ customer_key: customer }),
          data: {
            card_ref: id,
            // Empty for a card that is aimed at a region, practice or group instead of a client.
            customer_ref: customer,
            project_ref: "",
            role_name: f.text("pse__Role__c"),
            currency: tenant.currency(f),
            rate,
            effective_from: f.date("pse__Start_Date__c"),
            effective_to: f.date("pse__End_Date__c"),
            // What the PSA offers is in force when it is there; only the CRM knows of drafts.
            is_signed: true,
          },
        },
      ];
    }),
  });
}
