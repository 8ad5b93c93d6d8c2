/**
 * What a rule is: the outcomes of comparisons it claims, what they mean for the business, and what money hangs on them. Rules
 * speak of roles and business words, never of a vendor; the only SQL in them is the arithmetic of a formula.
 */
import { InvariantError } from "#core/errors";
import { type Comparison, FAILING_KINDS, type FailingKind, fieldOf } from "./comparison.ts";

export type Severity = 1 | 2 | 3 | 4;
export type Blocking = "hard" | "soft" | "no";

/** Outcomes of one comparison that a rule answers for. */
export interface Claim {
  comparison: string;
  kinds: readonly FailingKind[];
  /** For a mismatch: the fields it answers for; all of them when left out. */
  fields?: readonly string[];
  /** Of a repeated key: the side it must be repeated on; either when left out. */
  repeated?: "left" | "right";
  /** How long the newest fact on either side must be old before a failure counts. */
  settle: string;
}

/**
 * A piece of arithmetic over one failing key. `item.` is a billable time line (view priced_time), `plan.` the assignment (view
 * planned_assignment), `left.` and `right.` are the compared values, `carried.` the carried columns, `f.` the finding.
 */
export type Formula = string;

/** What is at stake when the rule fails. Amounts are in the currency of the project or the contract. */
export type Money =
  | { basis: "none" }
  | {
      basis: "money";
      /** The formula in a person's words. */
      words: string;
      /** The billable time lines an exception of this rule holds up or puts at stake. */
      items?: {
        /** What the items are: lines of time when left out. `time_beyond_cap`: lines of time beyond their contract's cap. */
        from?: "time" | "expense" | "milestone" | "time_beyond_cap";
        /** Column of priced_time, priced_expense, priced_milestone or priced_time_beyond_cap → what it must equal. */
        on: Readonly<Record<string, Formula>>;
        /** The system whose lines are meant; `either`: one line per key, the PSA's where it has it. */
        of: "psa" | "erp" | "either";
        /** Further condition on the line. */
        where?: Formula;
        /** Only lines the ERP does not hold. */
        unposted?: true;
        /** Only lines that are on no invoice. */
        uninvoiced?: true;
        /** What of one line is at stake; null where the line has no rate. */
        atStake: Formula;
      };
      /** Money beside the items: a forecast. Null when it cannot be known. */
      plus?: Formula;
    };

/** A failure of one record that everything hanging on the record suffers from. */
export interface Parent {
  rule: string;
  comparison: string;
  kind: FailingKind;
  /**
   * Where the child names the parent's key: its project, the customer or the legal entity of that, or a carried column. A rule about
   * something many records share, such as a legal entity nobody has mapped, is keyed by it and so has them all in one case.
   */
  on: "project_key" | "customer_key" | "legal_entity" | "contract_key" | "resource_key" | "task_key";
}

export interface Rule {
  id: string;
  /** Raised when the meaning changes; exceptions keep their id. */
  version: number;
  /** The failure in a person's words. */
  title: string;
  /** What goes wrong in the business, one sentence. */
  because: string;
  /** The team that answers for it. */
  owner: string;
  severity: Severity;
  blocks: Blocking;
  /** A non-billable line blocks nothing and is worth nothing. */
  onlyIfBillable?: true;
  claims: readonly Claim[];
  /** `key`: one exception per failing key. `side`: one per comparison, side and kind, listing what it affects. `gate`: from the gates. */
  per: "key" | "side" | "gate";
  money: Money;
  /** Failing parents that explain this failure: it is not opened on its own. The first that fails counts. */
  absorbedBy?: readonly Parent[];
  /** What puts it right, for people. Null when only a person in the system itself can. */
  remedy: string | null;
}

/** The name under which fields of one exception are kept apart: `start_on+end_on`; empty when the claim is about the whole key. */
export function groupOf(claim: Claim): string {
  return (claim.fields ?? []).join("+");
}

/**
 * Checks a catalogue at start: rule ids differ, every claim names a comparison and fields there are, and each outcome of a
 * comparison (of a mismatch: each field) is claimed at most once. Throws InvariantError.
 */
export function checkCatalogue(rules: readonly Rule[], comparisons: readonly Comparison[]): void {
  const fail = (message: string): never => {
    throw new InvariantError("reconcile.bad-catalogue", message);
  };
  const ids = new Set<string>();
  const claimed = new Map<string, string>();
  for (const rule of rules) {
    if (ids.has(rule.id)) fail(`Two rules have the id ${rule.id}`);
    ids.add(rule.id);
    for (const claim of rule.claims) {
      const comparison =
        comparisons.find((c) => c.id === claim.comparison) ??
        fail(`${rule.id} claims the comparison ${claim.comparison}, which there is none of`);
      for (const kind of claim.kinds) {
        if (!FAILING_KINDS.includes(kind)) fail(`${rule.id} claims ${kind}, which is no failure`);
        const parts =
          kind === "mismatch"
            ? (claim.fields ?? comparison.fields.map((f) => f.name)).map((f) => fieldOf(comparison, f).name)
            : kind === "duplicate_key"
              ? claim.repeated
                ? [claim.repeated]
                : ["left", "right"]
              : [""];
        for (const part of parts) {
          const outcome = [claim.comparison, kind, part].join(" ");
          const other = claimed.get(outcome);
          if (other) fail(`${other} and ${rule.id} both claim ${outcome}`);
          claimed.set(outcome, rule.id);
        }
      }
    }
  }
  for (const rule of rules)
    for (const parent of rule.absorbedBy ?? []) {
      const of = rules.find((r) => r.id === parent.rule);
      if (!of) fail(`${rule.id} is absorbed by ${parent.rule}, a rule there is none of`);
      if (of?.per !== "key" || !of.claims.some((c) => claims(c, parent)))
        fail(
          `${rule.id} is absorbed by ${parent.rule}, which has no exceptions of ${parent.kind} of ${parent.comparison}`,
        );
      if (explains(rules, rule.id, parent.rule))
        fail(`${rule.id} is absorbed by ${parent.rule}, which it explains itself`);
    }
}

const claims = (claim: Claim, parent: Parent) =>
  claim.comparison === parent.comparison && claim.kinds.includes(parent.kind);

/** Whether failures of one rule may be explained by another, at any distance. */
function explains(rules: readonly Rule[], parent: string, child: string, seen = new Set<string>()): boolean {
  if (parent === child) return true;
  if (seen.has(child)) return false;
  seen.add(child);
  return (rules.find((r) => r.id === child)?.absorbedBy ?? []).some((p) =>
    explains(rules, parent, p.rule, seen),
  );
}
