/** The system itself: keys that cannot be told apart, and sources that are too old or too thin to conclude anything from. */
import { COMPARISONS } from "../comparisons.ts";
import type { Rule } from "../rule.ts";

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

export const linkAmbiguous: Rule = {
  id: "SYS-03",
  version: 1,
  title: "Links between systems missing or ambiguous",
  because: "Records that name no partner, or share one, cannot be compared one to one.",
  owner: "Integration",
  severity: 2,
  blocks: "no",
  per: "side",
  claims: COMPARISONS.flatMap((c) =>
    c.id === "time"
      ? [
          { comparison: c.id, kinds: ["unlinked" as const], settle: "1h" },
          { comparison: c.id, kinds: ["duplicate_key" as const], repeated: "left" as const, settle: "1h" },
        ]
      : [{ comparison: c.id, kinds: ["unlinked" as const, "duplicate_key" as const], settle: "1h" }],
  ),
  money: { basis: "none" },
  remedy: null,
};
