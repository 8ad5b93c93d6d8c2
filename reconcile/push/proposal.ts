/** What a push would do, before anyone has agreed to it. Pure data: made by a remedy, shown in a preview, stored in the ledger. */

import { z } from "zod";
import type { Entity } from "#core/entities";
import type { Role } from "#core/roles";

/** How much consent a push needs. In this release every tier needs an approver who is not the requester. */
export type RiskTier = "L" | "M" | "H";

export const FieldChangeSchema = z.object({
  field: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});

export const ProposalSchema = z.object({
  exceptionId: z.string(),
  rule: z.string(),
  comparison: z.string(),
  targetRole: z.string(),
  targetSource: z.string(),
  target: z.object({ entity: z.string(), nativeId: z.string().nullable(), key: z.string() }),
  action: z.enum(["update", "create", "delete"]),
  changes: z.array(FieldChangeSchema),
  /** Agreed keys the changes point at, with the target system's own ids for them. */
  refs: z.record(z.string(), z.string()),
  because: z.string(),
  tier: z.enum(["L", "M", "H"]),
  /** The push this one takes back, or "". */
  undoOf: z.string(),
});

export type Proposal = Omit<z.infer<typeof ProposalSchema>, "target" | "targetRole"> & {
  targetRole: Role;
  target: { entity: Entity; nativeId: string | null; key: string };
};

/** A remedy's answer: a proposal without where it goes, or why a person must act instead. */
export type Remedy =
  | {
      kind: "propose";
      target: { entity: Entity; nativeId: string | null; key: string };
      action: "update" | "create";
      changes: readonly { field: string; from: string | null; to: string | null }[];
      /** Agreed keys, by the entity they name, that must exist in the target system. */
      needs: readonly { entity: Entity; key: string }[];
      because: string;
      tier: RiskTier;
    }
  | { kind: "decline"; reason: string };

/** What a remedy may look at: the exception's evidence and the record that is right. */
export interface RemedyFacts {
  key: string;
  comparison: string;
  /** Native id of the record to correct in the target system, when it exists. */
  targetNativeId: string | null;
  /** Compared fields, as text: what the side that is right holds, and what the target holds. */
  right: Readonly<Record<string, string>>;
  wrong: Readonly<Record<string, string>>;
  /** The whole canonical record that is right, for a create; null when it has gone. */
  record: Readonly<Record<string, string>> | null;
}

export interface RemedyRule {
  rule: string;
  comparison: string;
  /** The role whose record is right, and the entity it is. */
  sourceOfRecord: { role: Role; entity: Entity };
  targetRole: Role;
  propose(facts: RemedyFacts): Remedy;
}
