/** Who changed what on clients, sales, contracts and rates, from the org's field history. */
import type { Stream } from "../connector.ts";
import type { Platform } from "../salesforce-platform/client.ts";
import {
  type HistorySpec,
  historyObject,
  historyStream,
  named,
} from "../salesforce-platform/history-stream.ts";
import type { SalesforceSettings } from "./settings.ts";

export function historyStreams(platform: Platform, s: SalesforceSettings): Stream[] {
  const specs: Record<SalesforceSettings["history"][number], HistorySpec> = {
    account: {
      object: historyObject("Account"),
      parentField: "AccountId",
      entity: "customer",
      fields: named(
        ["Name", "name"],
        [s.currencyField, "currency"],
        [s.account.legalEntityField, "legal_entity"],
      ),
    },
    opportunity: {
      object: historyObject("Opportunity"),
      parentField: "OpportunityId",
      entity: "opportunity",
      fields: named(
        ["Name", "name"],
        ["StageName", "stage"],
        ["Amount", "amount"],
        ["CloseDate", "close_on"],
        ["AccountId", "customer_ref"],
        ["ContractId", "contract_ref"],
      ),
    },
    contract: {
      object: historyObject("Contract"),
      parentField: "ContractId",
      entity: "contract",
      fields: named(
        ["Status", "status"],
        ["StartDate", "start_on"],
        ["EndDate", "end_on"],
        [s.contract.valueField, "value"],
        [s.contract.signedDateField, "signed_on"],
      ),
    },
    rate: {
      object: historyObject(s.rate.object),
      parentField: "ParentId",
      entity: "rate_line",
      fields: named(
        [s.rate.rateField, "rate"],
        [s.rate.startField, "effective_from"],
        [s.rate.endField, "effective_to"],
        [s.rate.roleField, "role_name"],
      ),
    },
  };
  return s.history.map((name) => historyStream(platform, specs[name]));
}
