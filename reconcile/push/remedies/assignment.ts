import type { RemedyRule } from "../proposal.ts";

const FIELDS = ["start_on", "end_on", "allocation_pct"] as const;

/** ASG-03: the ERP's allocation takes the PSA's dates and share. */
export const assignmentRemedy: RemedyRule = {
  rule: "ASG-03",
  comparison: "assignments",
  sourceOfRecord: { role: "psa", entity: "assignment" },
  targetRole: "erp",
  propose({ key, targetNativeId, right, wrong }) {
    if (!targetNativeId) return { kind: "decline", reason: "The ERP has no allocation to correct." };
    const changes = FIELDS.flatMap((field) => {
      const from = wrong[field];
      const to = right[field];
      return from === undefined || to === undefined || from === to ? [] : [{ field, from, to }];
    });
    if (changes.length === 0)
      return { kind: "decline", reason: "Both systems hold the same dates and share now; nothing to write." };
    return {
      kind: "propose",
      target: { entity: "assignment", nativeId: targetNativeId, key },
      action: "update",
      changes,
      needs: [],
      because: "Staffing is decided in the PSA; the ERP plans cost and revenue with older dates.",
      tier: "L",
    };
  },
};
