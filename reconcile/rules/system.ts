/** The system itself: keys that cannot be told apart, and sources that are too old or too thin to conclude anything from. */
import { COMPARISONS } from "../comparisons/index.ts";
import type { GateRule } from "../gates.ts";
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
    case "project-currency":
      return [];
    // Made of what other comparisons tell of, one row for each of them.
    case "task-projects":
    case "time-waiting":
    case "rate-gaps":
    case "rates-overlap-crm":
    case "rates-overlap-psa":
      return [];
    // The same records as in `projects`, `assignments`, `tasks` and `resources`, which tell of their links.
    case "running-projects":
    case "project-starts":
    case "running-allocations":
    case "booked-time":
    case "person-load":
    case "closed-tasks":
    case "cost-rates":
    case "leavers":
    // Counted up from records whose links are told of elsewhere.
    case "billing-months":
    case "invoice-rates":
    case "invoice-repeats":
    case "invoice-totals":
    case "invoice-voids":
    case "invoice-orders":
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

const gate = (rule: Omit<Rule, "version" | "owner" | "blocks" | "per" | "claims" | "money">): Rule => ({
  version: 1,
  owner: "Integration",
  blocks: "no",
  per: "gate",
  claims: [],
  money: { basis: "none" },
  ...rule,
});

export const unknownWriter: Rule = gate({
  id: "SYS-04",
  title: "Changed by hand where another system is right",
  because:
    "What somebody types over in a system that is not the system of record is lost at the next synchronisation, or becomes the next difference.",
  severity: 3,
  remedy: null,
});

export const pingPong: Rule = gate({
  id: "SYS-05",
  title: "Two writers overwrite each other",
  because:
    "A value that two writers keep setting back and forth is right for neither, and every push would only be one more turn.",
  severity: 1,
  remedy: null,
});

export const anomaly: Rule = gate({
  id: "SYS-06",
  title: "Clock ahead, or records of another shape",
  because:
    "Records dated in the future or without the fields they are translated from make what is newest, and what differs, uncertain.",
  severity: 2,
  remedy: null,
});

export const pushUnproven: Rule = gate({
  id: "SYS-07",
  title: "Push not confirmed",
  because:
    "Something was written, or may have been, and nobody has seen it since: the difference may still be there.",
  severity: 1,
  remedy: null,
});

/** The rule behind each gate. */
export const GATE_RULES: Readonly<Record<GateRule, Rule>> = {
  "SYS-01": streamLate,
  "SYS-02": streamIncomplete,
  "SYS-04": unknownWriter,
  "SYS-05": pingPong,
  "SYS-06": anomaly,
  "SYS-07": pushUnproven,
};

export const SYSTEM_RULES: readonly Rule[] = [linkAmbiguous, ...Object.values(GATE_RULES)];
