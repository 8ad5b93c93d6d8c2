/** Certinia PSA, a package inside a Salesforce org: engagements, staffing, rates and time. Assignments can be corrected. */
import type { Connector, Source, Stream } from "../connector.ts";
import { checkPlatform } from "../salesforce-platform/check.ts";
import { openPlatform } from "../salesforce-platform/client.ts";
import { tenantOf } from "../salesforce-platform/row.ts";
import { type CertiniaSettings, settings } from "./settings.ts";
import { historyStreams } from "./streams-history.ts";
import { dimensionsOf, milestoneStream, projectStream, taskStream } from "./streams-project.ts";
import { rateCardStream } from "./streams-rate.ts";
import { assignmentStream, resourceStream } from "./streams-staffing.ts";
import { expenseStream, heldOfTime, timecardStream } from "./streams-time.ts";
import { assignmentWriter, WRITES } from "./write.ts";

/** What this org does not keep, by its settings: nothing is concluded from its being empty. */
function lacksOf(s: CertiniaSettings): NonNullable<Source["lacks"]> {
  return {
    project: s.projectLegalEntityField === null ? ["legal_entity"] : [],
    task: s.taskBillableField === null ? ["is_billable"] : [],
  };
}

export const certinia: Connector<CertiniaSettings> = {
  vendor: "certinia",
  label: "Certinia",
  roles: ["psa"],
  settings,
  open(source, s, deps) {
    const platform = openPlatform(source, s, deps);
    const tenant = tenantOf(source, s);
    const base = source.baseUrl.replace(/\/+$/, "");
    const streams: Stream[] = [
      resourceStream(platform, tenant, s),
      projectStream(platform, tenant, s),
      taskStream(platform, s),
      assignmentStream(platform, tenant, s),
      rateCardStream(platform, tenant, s),
      timecardStream(platform, tenant, s),
      milestoneStream(platform, tenant, s),
      expenseStream(platform, tenant, s),
      ...historyStreams(platform, s),
    ];
    return {
      check: () => checkPlatform(platform, streams, source.readOnly ? [] : WRITES, deps.clock),
      streams,
      writer: assignmentWriter(platform),
      holds: {
        project: Object.keys(dimensionsOf(s)),
        time_entry: heldOfTime(s),
        expense: ["is_invoiced", "category"],
      },
      lacks: lacksOf(s),
      keyFields: { resource: s.employeeNumberField, "project>opportunity": "pse__Opportunity__c" },
      // A time line is a day of a timecard; the screen is the timecard's.
      recordUrl: (_entity, nativeId) => `${base}/${nativeId.split("_")[0] ?? nativeId}`,
    };
  },
};
