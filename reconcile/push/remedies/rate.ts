import type { RemedyRule } from "../proposal.ts";

/** RAT-02: the ERP's price is set to the signed contract's. Billed lines are never touched: they need a credit and a rebill. */
export const rateRemedy: RemedyRule = {
  rule: "RAT-02",
  comparison: "rates-contract-erp",
  sourceOfRecord: { role: "crm", entity: "rate_line" },
  targetRole: "erp",
  propose({ key, targetNativeId, right, wrong }) {
    if (!targetNativeId)
      return {
        kind: "decline",
        reason: "The ERP has no price line to correct; it must be created first (RAT-01).",
      };
    const to = right.rate;
    const from = wrong.rate;
    if (!to || !from)
      return {
        kind: "decline",
        reason: "One of the two rates is not known, so there is nothing safe to write.",
      };
    return {
      kind: "propose",
      target: { entity: "rate_line", nativeId: targetNativeId, key },
      action: "update",
      changes: [{ field: "rate", from, to }],
      needs: [],
      because: "The signed contract sets this rate; the ERP prices work that is not billed yet with another.",
      tier: "H",
    };
  },
};
