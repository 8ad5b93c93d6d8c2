/** What an org's admins name for themselves. Every default is the vendor's own name, or what docs/connect/salesforce.md suggests. */
import { z } from "zod";
import { apiName, optionalField, platformShape } from "../salesforce-platform/settings.ts";

const values = (...names: string[]) => z.array(z.string()).min(1).default(names);

export const settings = z.strictObject({
  ...platformShape,
  account: z
    .strictObject({
      legalEntityField: optionalField.default("Legal_Entity__c"),
      /** What tells an active client from a former one; null: all are active. */
      activeField: optionalField.default("Status__c"),
      activeValues: values("Active", "true"),
      /** The client's tax registration number; null: not held. */
      taxNumberField: optionalField.default(null),
    })
    .prefault({}),
  contract: z
    .strictObject({
      signedStatuses: values("Activated"),
      valueField: optionalField.default("Value__c"),
      legalEntityField: optionalField.default("Legal_Entity__c"),
      signedDateField: optionalField.default("Signed_Date__c"),
      /** What the org added for the terms of a contract; each null: not held, and nothing is concluded about it. */
      billingTypeField: optionalField.default(null),
      capField: optionalField.default(null),
      discountField: optionalField.default(null),
      paymentTermsField: optionalField.default(null),
      poRequiredField: optionalField.default(null),
      poNumberField: optionalField.default(null),
    })
    .prefault({}),
  /** The object that holds contract amendments; null when the firm keeps none in the CRM. */
  amendment: z
    .strictObject({
      object: apiName.default("Contract_Amendment__c"),
      contractField: apiName.default("Contract__c"),
      /** The relationship behind `contractField`, by which the amended contract's fields are read. */
      contractRelation: apiName.default("Contract__r"),
      statusField: apiName.default("Status__c"),
      signedStatuses: values("Signed"),
      signedDateField: apiName.default("Signed_Date__c"),
      startField: apiName.default("Effective_Date__c"),
      endField: apiName.default("End_Date__c"),
      valueField: apiName.default("Value__c"),
      /** What the amendment adds to the contract's cap; null: amendments leave the cap as it is. */
      capField: optionalField.default(null),
    })
    .nullable()
    .prefault({}),
  /** The object that holds contracted rates. */
  rate: z
    .strictObject({
      object: apiName.default("Contract_Rate__c"),
      contractField: apiName.default("Contract__c"),
      accountField: apiName.default("Account__c"),
      roleField: apiName.default("Role__c"),
      rateField: apiName.default("Rate__c"),
      startField: apiName.default("Start_Date__c"),
      endField: apiName.default("End_Date__c"),
      statusField: apiName.default("Status__c"),
      signedStatuses: values("Signed"),
    })
    .prefault({}),
  /** Objects whose field history is tracked and worth reading. */
  history: z
    .array(z.enum(["account", "opportunity", "contract", "rate"]))
    .default(["account", "opportunity", "contract", "rate"]),
});

export type SalesforceSettings = z.infer<typeof settings>;
