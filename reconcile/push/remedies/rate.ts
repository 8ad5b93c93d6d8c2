import type { RemedyRule } from "../proposal.ts";

/** RAT-02: a price is set to the signed contract's. Billed lines are never touched: they need a credit and a rebill. */
const contractRate = (comparison: string, role: "erp" | "psa", because: string): RemedyRule => ({
  rule: "RAT-02",
  comparison,
  record: "crm",
  corrects: { role, entity: "rate_line", action: "update" },
  propose({ right, wrong }) {
    const to = right.rate;
    const from = wrong.rate;
    if (!to || !from)
      return {
        kind: "decline",
        reason: "One of the two rates is not known, so there is nothing safe to write.",
      };
    return { kind: "propose", changes: [{ field: "rate", from, to }], needs: [], because, tier: "H" };
  },
});

export const rateRemedies: readonly RemedyRule[] = [
  contractRate(
    "rates-contract-erp",
    "erp",
    "The signed contract sets this rate; the ERP prices work that is not billed yet with another.",
  ),
  contractRate(
    "project-prices",
    "erp",
    "The signed contract sets this rate; the ERP prices the work of this project that is not billed yet with another.",
  ),
  contractRate(
    "rates-contract-psa",
    "psa",
    "The signed contract sets this rate; the PSA books and forecasts work at another.",
  ),
];
