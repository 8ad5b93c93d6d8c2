/** The system itself: keys that cannot be told apart, and sources that are too old or too thin to conclude anything from. */
import { COMPARISONS } from "../comparisons/index.ts";
import type { Claim, Rule } from "../rule.ts";

export const streamLate: Rule = {
  id: "SYS-01",
  version: 1,
  title: "Source late or suspiciously empty",
  because: "Nothing that depends on it can be judged until it has been read again.",
  owner: "Integration",
  severity: 1,
  blocks: "no",
  per: "gate",
  claims: [],
  money: { basis: "none" },
  remedy: null,
};

export const streamIncomplete: Rule = {
  id: "SYS-02",
  version: 1,
  title: "Records missing from what was read",
  because:
    "The source counts other records for a closed day than the store holds, so any conclusion may be wrong.",
  owner: "Integration",
  severity: 1,
  blocks: "no",
  per: "gate",
  claims: [],
  money: { basis: "none" },
  remedy: null,
};

/** How long a link may be missing or shared before it counts. */
const settle = "1h";

/** What of a comparison this rule answers for. */
function claimsOn(comparison: string): Claim[] {
  const shared: Claim = { comparison, kinds: ["duplicate_key"], settle };
  const unlinked: Claim = { comparison, kinds: ["unlinked"], settle };
  switch (comparison) {
    // The same records as in `projects` and `customer-names-erp`, which tell of their links; or of one system alone.
    case "project-status":
    case "clients":
    case "client-work":
    case "customer-records":
    case "signed-contracts":
    case "won-sales":
    case "sale-amounts":
    case "sale-outcomes":
    case "billing-models-psa":
    case "billing-models-erp":
    case "contract-ends":
    case "contract-caps":
    case "purchase-orders":
      return [];
    // A system may have customers that are nobody's client elsewhere.
    case "customer-names-psa":
    case "customer-names-erp":
      return [shared];
    // A line posted twice is a matter of its own (TIM-06).
    case "time":
      return [unlinked, { ...shared, repeated: "left" }];
    default:
      return [{ comparison, kinds: ["unlinked", "duplicate_key"], settle }];
  }
}

export const linkAmbiguous: Rule = {
  id: "SYS-03",
  version: 1,
  title: "Links between systems missing or ambiguous",
  because: "Records that name no partner, or share one, cannot be compared one to one.",
  owner: "Integration",
  severity: 2,
  blocks: "no",
  per: "side",
  claims: COMPARISONS.flatMap((c) => claimsOn(c.id)),
  money: { basis: "none" },
  remedy: null,
};

export const SYSTEM_RULES: readonly Rule[] = [linkAmbiguous, streamLate, streamIncomplete];
