/**
 * The whole sandbox in one call: builds the firm, fills both vendors' systems with its history, plants the faults, and starts the
 * servers. Secrets are made for each start.
 */
import { generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { type Clock, instantOf, systemClock } from "#core/time";
import { type PlantedFault, planFaults, plantFaults, type SeededStores, type Truth } from "./faults.ts";
import { createFirm } from "./firm/create-firm.ts";
import type { Firm } from "./firm/model.ts";
import { seedNetSuite } from "./firm/seed-netsuite.ts";
import { seedSalesforce } from "./firm/seed-salesforce.ts";
import { createHttpFaults, type HttpFaults } from "./http-faults.ts";
import { type Account, createAccount } from "./netsuite/account.ts";
import { startNetSuite } from "./netsuite/server.ts";
import { createOrg, type Org } from "./salesforce/org.ts";
import { startSalesforce } from "./salesforce/server.ts";

export interface SandboxOptions {
  seed?: number;
  projects?: number;
  months?: number;
  /** Faults per rule and variant; 0 plants nothing. Default 3. */
  perRule?: number;
  /** What the vendors' servers take for now; the firm is frozen at its time when the sandbox starts. */
  clock?: Clock;
  /** Where a vendor's clock is not that one. */
  clocks?: { salesforce?: Clock; netsuite?: Clock };
  portSalesforce?: number;
  portNetSuite?: number;
}

export interface SandboxCredentials {
  salesforce: { clientId: string; clientSecret: string };
  netsuite: { accountId: string; clientId: string; kid: string; privateKeyPem: string };
}

export interface Sandbox {
  firm: Firm;
  org: Org;
  account: Account;
  stores: SeededStores;
  salesforceUrl: string;
  netsuiteUrl: string;
  credentials: SandboxCredentials;
  truth: Truth;
  /** What must be open at an instant, by the systems' rows as they stand now; see `plantFaults`. */
  answersAt(at: number, settledAt?: number): PlantedFault[];
  /** Failures to switch on, per server. */
  faultsControl: { salesforce: HttpFaults; netsuite: HttpFaults };
  close(): Promise<void>;
}

const ACCOUNT_ID = "1234567";
const TIME_ZONE = "America/New_York";

/** Throws InvariantError when the firm is too small for the faults asked for. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { seed = 7, perRule = 3, clock = systemClock } = options;
  const { projects = 40, months = 6, clocks = {} } = options;
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const credentials: SandboxCredentials = {
    salesforce: { clientId: `3MVG9.${secret(12)}`, clientSecret: secret(24) },
    netsuite: { accountId: ACCOUNT_ID, clientId: secret(16), kid: secret(12), privateKeyPem: privateKey },
  };
  const org = createOrg({
    clock: clocks.salesforce ?? clock,
    client: { id: credentials.salesforce.clientId, secret: credentials.salesforce.clientSecret },
  });
  const account = createAccount({
    clock: clocks.netsuite ?? clock,
    accountId: ACCOUNT_ID,
    timeZone: TIME_ZONE,
    clientId: credentials.netsuite.clientId,
    certificate: { kid: credentials.netsuite.kid, publicKey },
  });

  const firm = createFirm({ seed, projects, months, asOf: clock.now() });
  const withheld = perRule > 0 ? planFaults(firm, perRule).withheld : new Set<string>();
  const salesforceIds = seedSalesforce(firm, org, withheld);
  const netsuiteIds = seedNetSuite(firm, account, salesforceIds, withheld);
  const stores: SeededStores = { salesforce: org, netsuite: account, salesforceIds, netsuiteIds };
  const nothing: Truth = {
    seed,
    asOf: instantOf(firm.asOf),
    planted: [],
    nearMisses: [],
    absorbed: [],
    overtaken: [],
  };
  const { truth, answersAt } =
    perRule > 0 ? plantFaults(firm, stores, { perRule }) : { truth: nothing, answersAt: () => [] };

  const faultsControl = { salesforce: createHttpFaults({ seed }), netsuite: createHttpFaults({ seed }) };
  const salesforce = await startSalesforce(org, {
    port: options.portSalesforce ?? 0,
    faults: faultsControl.salesforce,
  });
  const netsuite = await startNetSuite(account, {
    port: options.portNetSuite ?? 0,
    faults: faultsControl.netsuite,
  });
  return {
    firm,
    org,
    account,
    stores,
    salesforceUrl: salesforce.url,
    netsuiteUrl: netsuite.url,
    credentials,
    truth,
    answersAt,
    faultsControl,
    async close() {
      await Promise.all([salesforce.close(), netsuite.close()]);
    },
  };
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}
