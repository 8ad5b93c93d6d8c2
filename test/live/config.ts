/**
 * Plumbline's configuration for the firm on the real servers: Tryton as CRM and as ERP, Redmine as PSA. What a firm would write,
 * with every secret a reference.
 */
import { stringify } from "yaml";
import { type PlumblineConfig, parseConfig } from "#core/config";
import { vendorSettings } from "#ingest/registry";
import { type Estate, type Flavour, readEstate } from "./estate.ts";
import { CURRENCY } from "./seed/firm.ts";

/** The firm's own code of its one legal entity. */
export const LEGAL_ENTITY = "DE01";

const PEOPLE = [
  { name: "finance", displayName: "Finance (billing review)", roles: ["finance"] },
  { name: "approver", displayName: "Approver (controller)", roles: ["approver"] },
  { name: "integration", displayName: "Integration owner", roles: ["integration"] },
  { name: "admin", displayName: "Administrator", roles: ["admin"] },
] as const;

/**
 * The file's text and the secrets its references stand for, by name.
 * @param refer how a secret is referred to: `${NAME}` or `file:…`
 */
export function liveConfigText(
  estate: Estate,
  flavour: Flavour,
  refer: (name: string) => string,
): { text: string; secrets: Record<string, string> } {
  const { tryton, redmine } = estate[flavour];
  const secrets: Record<string, string> = {
    TRYTON_PASSWORD: tryton.integration.password,
    REDMINE_API_KEY: redmine.apiKey,
  };
  for (const { name } of PEOPLE) secrets[`PASSWORD_${name.toUpperCase()}`] = `${name}-on-live-servers`;
  const login = {
    database: tryton.database,
    username: tryton.integration.username,
    password: refer("TRYTON_PASSWORD"),
    integrationUsers: [tryton.integration.username],
  };
  const common = {
    // The servers are ours: nothing is gained by sparing them.
    requestsPerMinute: 60_000,
    legalEntities: { [String(tryton.company)]: LEGAL_ENTITY },
  };
  const text = stringify({
    reporting: { currency: CURRENCY },
    sources: [
      {
        id: "tryton-crm",
        vendor: "tryton",
        role: "crm",
        name: "Tryton sales",
        baseUrl: tryton.url,
        readOnly: true,
        ...common,
        settings: { ...login },
      },
      {
        id: "tryton-erp",
        vendor: "tryton",
        role: "erp",
        name: "Tryton",
        baseUrl: tryton.url,
        ...common,
        // The scenarios' own hands: what they change in posted time is their business.
        knownWriters: [tryton.admin.username, tryton.integration.username],
        settings: { ...login, costPrices: true },
      },
      {
        id: "redmine",
        vendor: "redmine",
        role: "psa",
        name: "Redmine",
        baseUrl: redmine.url,
        ...common,
        settings: {
          apiKey: refer("REDMINE_API_KEY"),
          currency: CURRENCY,
          legalEntity: LEGAL_ENTITY,
          opportunityField: "Opportunity",
        },
      },
    ],
    people: PEOPLE.map((p) => ({
      ...p,
      roles: [...p.roles],
      password: refer(`PASSWORD_${p.name.toUpperCase()}`),
    })),
  });
  return { text, secrets };
}

/** The same, parsed and checked as the console would. Throws when it has a mistake. */
export function liveConfig(estate: Estate = readEstate(), flavour: Flavour = "vanilla"): PlumblineConfig {
  const { text, secrets } = liveConfigText(estate, flavour, (name) => `\${${name}}`);
  const parsed = parseConfig(text, vendorSettings, { env: (name) => secrets[name], file: () => "" });
  if (!parsed.ok) throw new Error(parsed.issues.map((i) => `${i.path}: ${i.message}`).join("\n"));
  return parsed.config;
}
