/** Both vendors' stores for a firm frozen at an instant, without any server in front of them. */
import { generateKeyPairSync } from "node:crypto";
import { manualClock } from "#core/time";
import { planFaults } from "#sandbox/faults/plan";
import { createFirm, type FirmOptions } from "#sandbox/firm/create-firm";
import { seedNetSuite } from "#sandbox/firm/seed-netsuite";
import { seedSalesforce } from "#sandbox/firm/seed-salesforce";
import { createAccount } from "#sandbox/netsuite/account";
import { createOrg } from "#sandbox/salesforce/org";

export const FRIDAY = "2026-11-20T15:00:00.000Z";

/** Both stores empty, their clock at `asOf`. */
export function emptyStores(asOf: string) {
  const clock = manualClock(asOf);
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const salesforce = createOrg({ clock, client: { id: "client", secret: "secret" } });
  const netsuite = createAccount({
    clock,
    accountId: "1234567",
    timeZone: "America/New_York",
    clientId: "client",
    certificate: { kid: "kid", publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() },
  });
  return { clock, salesforce, netsuite };
}

/** A firm and what its systems hold. With `withhold`, what is to be missing from the ERP never reaches it. */
export function seededFirm(
  options: Partial<Omit<FirmOptions, "asOf">> & { asOf?: string; withhold?: boolean } = {},
) {
  const { asOf = FRIDAY, withhold = false, ...rest } = options;
  const firm = createFirm({ seed: 7, ...rest, asOf: Date.parse(asOf) });
  const { clock, salesforce, netsuite } = emptyStores(asOf);
  const withheld = withhold ? planFaults(firm, 3).withheld : new Set<string>();
  const salesforceIds = seedSalesforce(firm, salesforce, withheld);
  const netsuiteIds = seedNetSuite(firm, netsuite, salesforceIds, withheld);
  return { firm, clock, salesforce, netsuite, salesforceIds, netsuiteIds };
}
