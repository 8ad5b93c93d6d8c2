/** The configuration of the demo: what a firm would write for these three systems, with every secret in the environment. */
import { randomBytes } from "node:crypto";
import { stringify } from "yaml";
import type { SandboxReady } from "./sandbox-process.ts";

export interface DemoPerson {
  name: string;
  displayName: string;
  roles: readonly string[];
  password: string;
}

const PEOPLE = [
  { name: "finance", displayName: "Finance (billing review)", roles: ["finance"] },
  { name: "approver", displayName: "Approver (controller)", roles: ["approver"] },
  { name: "pmo", displayName: "PMO", roles: ["pmo"] },
  { name: "exec", displayName: "Executive", roles: ["exec"] },
  { name: "integration", displayName: "Integration owner", roles: ["integration"] },
  { name: "admin", displayName: "Administrator", roles: ["admin"] },
] as const;

/** The demo's people, each with a password made for this start. */
export function demoPeople(): DemoPerson[] {
  return PEOPLE.map((p) => ({ ...p, password: randomBytes(9).toString("base64url") }));
}

/** The configuration text and the environment its references point at. */
export function demoConfig(
  sandbox: SandboxReady,
  people: readonly DemoPerson[],
): { text: string; env: Record<string, string> } {
  const env: Record<string, string> = {
    DEMO_SALESFORCE_SECRET: sandbox.salesforce.clientSecret,
    DEMO_NETSUITE_KEY: sandbox.netsuite.privateKeyPem,
  };
  for (const p of people) env[passwordVariable(p.name)] = p.password;
  const entities = { US01: "US01", GB01: "GB01", DE01: "DE01" };
  const salesforceAuth = {
    clientId: sandbox.salesforce.clientId,
    clientSecret: "${DEMO_SALESFORCE_SECRET}",
  };
  const text = stringify({
    reporting: {
      currency: "USD",
      rates: [
        { currency: "GBP", from: "2026-01-01", rate: "1.27" },
        { currency: "EUR", from: "2026-01-01", rate: "1.08" },
      ],
    },
    sources: [
      {
        id: "salesforce",
        vendor: "salesforce",
        role: "crm",
        name: "Salesforce",
        baseUrl: sandbox.salesforce.url,
        legalEntities: entities,
        settings: {
          ...salesforceAuth,
          account: { taxNumberField: "Tax_Number__c" },
          contract: {
            billingTypeField: "Billing_Type__c",
            capField: "Cap__c",
            discountField: "Discount__c",
            paymentTermsField: "Payment_Terms__c",
            poRequiredField: "PO_Required__c",
            poNumberField: "PO_Number__c",
          },
          amendment: { capField: "Cap__c" },
        },
      },
      {
        id: "certinia",
        vendor: "certinia",
        role: "psa",
        name: "Certinia",
        baseUrl: sandbox.salesforce.url,
        legalEntities: entities,
        settings: {
          ...salesforceAuth,
          taskBillableField: "Billable__c",
          projectDepartmentField: "pse__Group__r.Name",
          timecardSubmittedAtField: "Submitted_At__c",
          timecardApprovedAtField: "Approved_At__c",
        },
      },
      {
        id: "netsuite",
        vendor: "netsuite",
        role: "erp",
        name: "NetSuite",
        baseUrl: sandbox.netsuite.url,
        timeZone: "America/New_York",
        legalEntities: { "1": "US01", "2": "GB01", "3": "DE01" },
        settings: {
          accountId: sandbox.netsuite.accountId,
          restletUrl: sandbox.netsuite.url,
          clientId: sandbox.netsuite.clientId,
          certificateId: sandbox.netsuite.kid,
          privateKey: "${DEMO_NETSUITE_KEY}",
          projectDepartmentField: "custentity_department",
          projectPracticeField: "custentity_practice",
          projectRegionField: "custentity_region",
          expenseLinkField: "custcol_psa_expense_id",
          milestoneLinkField: "custcol_psa_milestone_id",
          milestoneCharges: true,
          taxNumberField: "vatregnumber",
          projectPoField: "custentity_po_number",
        },
      },
    ],
    people: people.map((p) => ({
      name: p.name,
      displayName: p.displayName,
      roles: [...p.roles],
      password: `\${${passwordVariable(p.name)}}`,
    })),
  });
  return { text, env };
}

function passwordVariable(name: string): string {
  return `DEMO_PASSWORD_${name.toUpperCase()}`;
}
