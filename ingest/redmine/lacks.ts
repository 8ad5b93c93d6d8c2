/** What this Redmine does not hold, by its settings: empty there means nothing; and where it keeps the ids of others. */
import type { Source } from "../connector.ts";
import type { RedmineSettings } from "./settings.ts";

export function lacksOf(s: RedmineSettings): NonNullable<Source["lacks"]> {
  const entity = s.legalEntity === "" ? ["legal_entity"] : [];
  const unnamed = (setting: string | null, field: string) => (setting === null ? [field] : []);
  return {
    ...(s.clientProjects === "roots" ? { customer: ["rate_card_ref", ...entity] } : {}),
    project: [
      "manager",
      "billing_type",
      ...unnamed(s.opportunityField, "opportunity_ref"),
      ...unnamed(s.projectStartField, "start_on"),
      ...unnamed(s.projectEndField, "end_on"),
      ...unnamed(s.billableField, "is_billable"),
      ...entity,
    ],
    task: ["is_billable"],
    resource: ["cost_rate", "currency", ...unnamed(s.roleField, "role_name"), ...entity],
    ...(s.allocationTracker === null
      ? {}
      : { assignment: ["is_billable", ...unnamed(s.roleField, "role_name")] }),
    time_entry: [
      "assignment_ref",
      "is_invoiced",
      "bill_rate",
      ...unnamed(s.approvalField, "status"),
      ...unnamed(s.approvalField, "is_approved"),
    ],
  };
}

/** The fields in which this Redmine names what other systems know by another id than its own. */
export function keyFieldsOf(s: RedmineSettings): NonNullable<Source["keyFields"]> {
  return {
    customer: s.clientRefField,
    resource: s.employeeNumberField,
    ...(s.opportunityField === null ? {} : { "project>opportunity": s.opportunityField }),
  };
}
