import type { RemedyRule } from "../proposal.ts";

const FIELDS = ["code", "name", "customer_key", "legal_entity", "currency", "start_on", "end_on"] as const;

/** PRJ-01: the project is created in the ERP under the PSA's project id; the writer looks for its id and its code first. */
const createProject: RemedyRule = {
  rule: "PRJ-01",
  comparison: "projects",
  record: "psa",
  corrects: { role: "erp", entity: "project", action: "create" },
  propose({ record }) {
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

/** PRJ-06 with the PSA right: a project that finance closed is opened again. Closing it there is never a push. */
const reopenInErp: RemedyRule = {
  rule: "PRJ-06",
  comparison: "project-status",
  record: "psa",
  corrects: { role: "erp", entity: "project", action: "update" },
  propose({ right }) {
    if (right.status !== "open")
      return {
        kind: "decline",
        reason:
          "Delivery has finished the project and finance still has it open. The financial close is finance's act: close it in the ERP once everything is billed.",
      };
    return {
      kind: "propose",
      changes: [{ field: "is_active", from: "0", to: "1" }],
      needs: [],
      because: "Delivery still works on the project; the ERP has closed it, so the work cannot be billed.",
      tier: "H",
    };
  },
};

/** PRJ-06 with the ERP right: a project that finance closed is closed in delivery too. Opening it there is never a push. */
const closeInPsa: RemedyRule = {
  rule: "PRJ-06",
  comparison: "project-status",
  record: "erp",
  corrects: { role: "psa", entity: "project", action: "update" },
  propose({ right }) {
    if (right.status !== "closed")
      return {
        kind: "decline",
        reason:
          "Finance has the project open and delivery has closed it. Whether work on it goes on is decided by whoever leads it: open it again in the PSA, or close it in the ERP.",
      };
    return {
      kind: "propose",
      changes: [{ field: "is_active", from: "1", to: "0" }],
      needs: [],
      because:
        "Finance has closed the project; while the PSA has it open, hours are booked that nobody can bill.",
      tier: "H",
    };
  },
};

export const projectRemedies: readonly RemedyRule[] = [createProject, reopenInErp, closeInPsa];
