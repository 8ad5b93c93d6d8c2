/** What a push would do, before anyone has agreed to it. Pure data: made by a remedy, shown in a preview, stored in the ledger. */

import { z } from "zod";
import type { Entity } from "#core/entities";
import type { Role } from "#core/roles";
import type { FieldChange } from "#ingest/connector";

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
  /** The target system's own ids of what the changes point at, by `refName`. */
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

/** A remedy's answer: the changes that put the target right, or why a person must act instead. */
export type Remedy =
  | {
      kind: "propose";
      changes: readonly FieldChange[];
      /** Agreed keys, by the entity they name, that must exist in the target system. */
      needs: readonly { entity: Entity; key: string }[];
      because: string;
      tier: RiskTier;
    }
  | { kind: "decline"; reason: string };

/** What a remedy may look at: the exception's evidence and the records of both systems. */
export interface RemedyFacts {
  /** Compared fields, as text: what the system of record holds, and what the target holds. */
  right: Fields;
  wrong: Fields;
  /** The whole canonical record in the system of record, of a time line or a project; null when it has gone. */
  record: Fields | null;
  /** The one in the target system. */
  target: Fields | null;
}
export type Fields = Readonly<Record<string, string>>;

export interface RemedyRule {
  rule: string;
  comparison: string;
  /** The system of record this remedy is for: the side of the comparison whose value is right. */
  record: Role;
  /** What is corrected: the other side's record. */
  corrects: { role: Role; entity: Entity; action: "update" | "create" };
  propose(facts: RemedyFacts): Remedy;
}
