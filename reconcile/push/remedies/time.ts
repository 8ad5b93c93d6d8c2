import type { RemedyRule } from "../proposal.ts";

const FIELDS = [
  "project_key",
  "task_key",
  "resource_key",
  "work_on",
  "hours",
  "is_billable",
  "note",
] as const;

/** TIM-01: the approved line is posted in the ERP under the PSA's line id, once; the writer looks for it before it creates it. */
export const timeRemedy: RemedyRule = {
  rule: "TIM-01",
  comparison: "time",
  sourceOfRecord: { role: "psa", entity: "time_entry" },
  targetRole: "erp",
  propose({ key, record }) {
    if (!record)
      return {
        kind: "decline",
        reason: "The approved line is no longer in the PSA; there is nothing to post.",
      };
    if (record.is_approved !== "1")
      return {
        kind: "decline",
        reason: "The line is no longer approved in the PSA. Approval is a person's act.",
      };
    const blank = (["project_key", "resource_key"] as const).find(
      (f) => !record[f] || record[f].startsWith("unlinked:"),
    );
    if (blank)
      return {
        kind: "decline",
        reason: `The line's ${blank === "project_key" ? "project" : "person"} has no counterpart the systems agree on. Link it first.`,
      };
    return {
      kind: "propose",
      target: { entity: "time_entry", nativeId: null, key },
      action: "create",
      changes: FIELDS.flatMap((field) => (record[field] ? [{ field, from: null, to: record[field] }] : [])),
      needs: [
        { entity: "project", key: record.project_key ?? "" },
        { entity: "resource", key: record.resource_key ?? "" },
        ...(record.task_key ? [{ entity: "task" as const, key: record.task_key }] : []),
      ],
      because: "The hours are approved in the PSA and not in the ERP, so no invoice can carry them.",
      tier: "M",
    };
  },
};
