/** What every connector on a Salesforce org needs to know about it, whatever objects it reads. */
import { z } from "zod";

/** An API name of a field or object. */
export const apiName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?$/, "use the API name, such as Project_Code__c");

/** A field the org may not have: null switches it off. */
export const optionalField = apiName.nullable();

export const platformShape = {
  /** Consumer key of the External Client App that runs as the integration user. */
  clientId: z.string().min(1),
  /** Consumer secret: a reference, `\${NAME}` or `file:path`. */
  clientSecret: z.string().min(1),
  apiVersion: z
    .string()
    .regex(/^v\d{2,3}\.0$/, "write an API version such as v66.0")
    .default("v66.0"),
  /** Rows asked for per answer; the vendor allows 200 to 2000 and may send fewer. */
  pageSize: z.number().int().min(200).max(2000).default(2000),
  /** Transactions younger than this may still be uncommitted: nothing is called complete before it. */
  lagSeconds: z.number().int().min(0).default(120),
  /** Re-read this much before the last bookmark: stamps are set before the commit that shows them. */
  overlapMinutes: z.number().int().min(0).default(10),
  /** Ids of users that are integrations: their changes are not a person's. */
  integrationUsers: z.array(z.string()).default([]),
  /** The currency field; null in an org with a single currency. */
  currencyField: optionalField.default("CurrencyIsoCode"),
  /** The currency of every amount in an org with a single currency. */
  singleCurrency: z
    .string()
    .regex(/^[A-Z]{3}$/, "use an ISO 4217 code such as USD")
    .default("USD"),
};

export type PlatformSettings = z.infer<z.ZodObject<typeof platformShape>>;
