/** Salesforce as the CRM: clients, sales, what was signed and at which rates. Read only: the CRM is where commitments are made. */
import type { Connector, Stream } from "../connector.ts";
import { checkPlatform } from "../salesforce-platform/check.ts";
import { openPlatform } from "../salesforce-platform/client.ts";
import { tenantOf } from "../salesforce-platform/row.ts";
import { holdsOf } from "./holds.ts";
import { type SalesforceSettings, settings } from "./settings.ts";
import { amendmentStream, contractStream, rateStream } from "./streams-contract.ts";
import { historyStreams } from "./streams-history.ts";
import { accountStream, opportunityStream } from "./streams-sales.ts";

export const salesforce: Connector<SalesforceSettings> = {
  vendor: "salesforce",
  label: "Salesforce",
  roles: ["crm"],
  settings,
  open(source, s, deps) {
    const platform = openPlatform(source, s, deps);
    const tenant = tenantOf(source, s);
    const streams: Stream[] = [
      accountStream(platform, tenant, s),
      contractStream(platform, tenant, s),
      ...amendmentStream(platform, tenant, s),
      opportunityStream(platform, tenant, s),
      rateStream(platform, tenant, s),
      ...historyStreams(platform, s),
    ];
    return {
      check: () => checkPlatform(platform, streams, [], deps.clock),
      streams,
      holds: holdsOf(s),
      writer: null,
      recordUrl: (_entity, nativeId) => `${source.baseUrl.replace(/\/+$/, "")}/${nativeId}`,
    };
  },
};
