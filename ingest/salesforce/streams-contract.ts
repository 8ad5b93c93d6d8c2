/** What was signed: Contract, its amendments, and the rates agreed for each role. */

import { compare } from "#core/decimal";
import { NO_DATE } from "#core/entities";
import { mapping, reject } from "../payload.ts";
import type { Platform } from "../salesforce-platform/client.ts";
import { objectStream } from "../salesforce-platform/object-stream.ts";
import { agreedKeys, optionalText, selectList, type Tenant } from "../salesforce-platform/row.ts";
import type { SalesforceSettings } from "./settings.ts";

export function contractStream(platform: Platform, tenant: Tenant, s: SalesforceSettings) {
  const { valueField, legalEntityField, signedDateField, signedStatuses, ...terms } = s.contract;
  return objectStream(platform, {
    object: "Contract",
    yields: "contract",
    fields: [
      "ContractNumber",
      "AccountId",
      "Status",
      "StartDate",
      "EndDate",
      valueField,
      legalEntityField,
      signedDateField,
      terms.billingTypeField,
      terms.capField,
      terms.discountField,
      terms.paymentTermsField,
      terms.poRequiredField,
      terms.poNumberField,
      s.currencyField,
    ],
    map: mapping((f) => {
      const id = f.required("Id");
      const customer = f.text("AccountId");
      return [
        {
          entity: "contract",
          nativeId: id,
          key: id,
          ...agreedKeys({ customer_key: customer }),
          data: {
            number: f.text("ContractNumber"),
            customer_ref: customer,
            amends_ref: "",
            status: f.text("Status"),
            is_signed: signedStatuses.includes(f.text("Status")),
            start_on: f.date("StartDate"),
            end_on: f.date("EndDate"),
            value: valueField === null ? null : f.decimal(valueField),
            currency: tenant.currency(f),
            legal_entity: tenant.legalEntity(optionalText(f, legalEntityField)),
            signed_on: signedDateField === null ? NO_DATE : f.date(signedDateField),
            billing_type: optionalText(f, terms.billingTypeField),
            cap: terms.capField === null ? null : f.decimal(terms.capField),
            discount_pct: terms.discountField === null ? null : f.decimal(terms.discountField),
            payment_terms: optionalText(f, terms.paymentTermsField),
            is_po_required: terms.poRequiredField !== null && f.flag(terms.poRequiredField),
            po_number: optionalText(f, terms.poNumberField),
          },
        },
      ];
    }),
  });
}

/** Amendments are contracts that amend one; whose they are and which entity's is read from the contract they amend. */
export function amendmentStream(platform: Platform, tenant: Tenant, s: SalesforceSettings) {
  const a = s.amendment;
  if (a === null) return [];
  const account = `${a.contractRelation}.AccountId`;
  const entityField = s.contract.legalEntityField;
  const legalEntity = entityField === null ? null : `${a.contractRelation}.${entityField}`;
  return [
    objectStream(platform, {
      object: a.object,
      yields: "contract",
      fields: selectList(
        "Name",
        a.contractField,
        account,
        legalEntity,
        a.statusField,
        a.signedDateField,
        a.startField,
        a.endField,
        a.valueField,
        a.capField,
        s.currencyField,
      ),
      map: mapping((f) => {
        const id = f.required("Id");
        const amended = f.required(a.contractField);
        const customer = f.text(account);
        return [
          {
            entity: "contract",
            nativeId: id,
            key: id,
            ...agreedKeys({ customer_key: customer, amends_key: amended }),
            data: {
              number: f.text("Name"),
              customer_ref: customer,
              amends_ref: amended,
              status: f.text(a.statusField),
              is_signed: a.signedStatuses.includes(f.text(a.statusField)),
              start_on: f.date(a.startField),
              end_on: f.date(a.endField),
              value: f.decimal(a.valueField),
              currency: tenant.currency(f),
              legal_entity: tenant.legalEntity(optionalText(f, legalEntity)),
              signed_on: f.date(a.signedDateField),
              cap: a.capField === null ? null : f.decimal(a.capField),
            },
          },
        ];
      }),
    }),
  ];
}

export function rateStream(platform: Platform, tenant: Tenant, s: SalesforceSettings) {
  const r = s.rate;
  return objectStream(platform, {
    object: r.object,
    yields: "rate_line",
    fields: [
      r.contractField,
      r.accountField,
      r.roleField,
      r.rateField,
      r.startField,
      r.endField,
      r.statusField,
      s.currencyField,
    ],
    map: mapping((f) => {
      const id = f.required("Id");
      const contract = f.text(r.contractField);
      const customer = f.text(r.accountField);
      const rate = f.decimal(r.rateField) ?? reject("bad-number", `${r.rateField} is empty.`);
      if (compare(rate, "0") < 0)
        reject("out-of-range", `${r.rateField} holds ${rate}; a rate is not negative.`);
      return [
        {
          entity: "rate_line",
          nativeId: id,
          key: id,
          // The contract stands where other systems have a price list.
          ...agreedKeys({ customer_key: customer, card_key: contract }),
          data: {
            card_ref: contract,
            customer_ref: customer,
            project_ref: "",
            role_name: f.text(r.roleField),
            currency: tenant.currency(f),
            rate,
            effective_from: f.date(r.startField),
            effective_to: f.date(r.endField),
            is_signed: r.signedStatuses.includes(f.text(r.statusField)),
          },
        },
      ];
    }),
  });
}
