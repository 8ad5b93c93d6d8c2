import type { RemedyRule } from "../proposal.ts";

const FIELDS = ["code", "name", "customer_key", "legal_entity", "currency", "start_on", "end_on"] as const;

/** PRJ-01: the project is created in the ERP under the PSA's project id; the writer looks for its id and its code first. */
export const projectRemedy: RemedyRule = {
  rule: "PRJ-01",
  comparison: "projects",
  sourceOfRecord: { role: "psa", entity: "project" },
  targetRole: "erp",
  propose({ key, record }) {
    if (!record)
      return { kind: "decline", reason: "The project is no longer in the PSA; there is nothing to create." };
    if (!record.code)
      return {
        kind: "decline",
        reason: "The project has no code in the PSA, and the ERP needs one. Give it a code first.",
      };
    if (!record.customer_key || record.customer_key.startsWith("unlinked:"))
      return {
        kind: "decline",
        reason: "The project's client has no counterpart in the ERP. Create or link the client first.",
      };
    return {
      kind: "propose",
      target: { entity: "project", nativeId: null, key },
      action: "create",
      changes: FIELDS.flatMap((field) =>
        record[field] && record[field] !== "1970-01-01" ? [{ field, from: null, to: record[field] }] : [],
      ),
      needs: [{ entity: "customer", key: record.customer_key }],
      because:
        "The project is active in the PSA and unknown to the ERP, so nothing booked on it can be invoiced.",
      tier: "M",
    };
  },
};
