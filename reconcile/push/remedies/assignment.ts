import type { RemedyRule } from "../proposal.ts";
import { differing } from "./differing.ts";

const FIELDS = ["start_on", "end_on", "allocation_pct"] as const;

/** ASG-03: one booking takes the other's dates and share. */
const sameBooking = (record: "psa" | "erp", because: string): RemedyRule => ({
  rule: "ASG-03",
  comparison: "assignments",
  record,
  corrects: { role: record === "psa" ? "erp" : "psa", entity: "assignment", action: "update" },
  propose({ right, wrong }) {
    const changes = differing(FIELDS, right, wrong);
    if (changes.length === 0)
      return { kind: "decline", reason: "Both systems hold the same dates and share now; nothing to write." };
    return { kind: "propose", changes, needs: [], because, tier: "L" };
  },
});

export const assignmentRemedies: readonly RemedyRule[] = [
  sameBooking("psa", "Staffing is decided in the PSA; the ERP plans cost and revenue with older dates."),
  sameBooking("erp", "Staffing is decided in the ERP; people are planned in the PSA with older dates."),
];
