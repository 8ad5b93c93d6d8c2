/** What a firm's admins name for themselves in Certinia. The package's own fields are fixed; these are not in it, or differ. */
import { z } from "zod";
import { apiName, optionalField, platformShape } from "../salesforce-platform/settings.ts";

const values = (...names: string[]) => z.array(z.string()).default(names);

export const settings = z.strictObject({
  ...platformShape,
  /** The package has no project code of its own: the field the firm added for it. */
  projectCodeField: apiName.default("Project_Code__c"),
  projectLegalEntityField: optionalField.default("Legal_Entity__c"),
  /** Where a project's financial dimensions are named; null: the firm does not keep that one. */
  projectDepartmentField: optionalField.default(null),
  projectPracticeField: optionalField.default("pse__Practice__r.Name"),
  projectRegionField: optionalField.default("pse__Region__r.Name"),
  resourceLegalEntityField: optionalField.default("Legal_Entity__c"),
  /** The field of Contact that holds the employee number all systems agree on. */
  employeeNumberField: apiName.default("pse__ERP_Worker_Correlation_Id__c"),
  /** The lookup from a timecard to a task, which the package lacks; null when the firm books on projects only. */
  timecardTaskField: optionalField.default("Project_Task__c"),
  /** Date-times of a timecard that the org's own flows fill in; null where it has none. The package keeps neither. */
  timecardSubmittedAtField: optionalField.default(null),
  timecardApprovedAtField: optionalField.default(null),
  /** A field of the task that says its hours may be billed; null: all may. */
  taskBillableField: optionalField.default(null),
  closedTaskStatuses: values("Complete", "Cancelled", "Deferred"),
  activeAssignmentStatuses: values("Scheduled"),
  /** Statuses that count as approved, besides the Approved flag that must be set; empty: the flag alone decides. */
  approvedStatuses: values(),
  /** Count approved time only when it is also included in the financials. */
  requireInFinancials: z.boolean().default(true),
  /** Milestone statuses that mean the client accepted it, besides the Approved flag. */
  acceptedMilestoneStatuses: values("Approved"),
  /** Hours of a full week, to work out a share of time where an assignment names none. */
  fullWeekHours: z
    .string()
    .regex(/^[1-9]\d*(\.\d+)?$/, 'write hours in quotes, such as "40"')
    .default("40"),
  /** Objects whose field history is tracked and worth reading. */
  history: z
    .array(z.enum(["project", "assignment", "rateCard", "timecard", "milestone"]))
    .default(["project", "assignment", "rateCard", "timecard"]),
});

export type CertiniaSettings = z.infer<typeof settings>;
