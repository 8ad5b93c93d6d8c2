/**
 * What an exception rests on, as stored with its events and shown to people: both sides, the fields with what differs, the money
 * with its formula, and why it was raised. Values are text; decimals exact.
 */
import { z } from "zod";

const decimal = z.string();
const instant = z.iso.datetime({ offset: false });

const EvidenceSide = z.object({
  role: z.string(),
  /** What one row is: "approved time line". */
  noun: z.string(),
  sourceId: z.string(),
  nativeIds: z.array(z.string()),
  /** How many rows the side has for the key. */
  rows: z.number().int(),
  changedAt: instant.nullable(),
});

export const Evidence = z.object({
  comparison: z.string(),
  kind: z.string(),
  fields: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      /** Null when the side has no row. */
      left: z.string().nullable(),
      right: z.string().nullable(),
      /** This exception is about it. */
      differs: z.boolean(),
      /** Differs too, but changed too recently to count. */
      waiting: z.boolean(),
      /** Most that still agrees; null when the field must be equal. */
      tolerance: z.string().nullable(),
      /** Right minus left: an amount, or days; null where there is no such thing. */
      delta: z.string().nullable(),
    }),
  ),
  left: EvidenceSide,
  right: EvidenceSide,
  carried: z.record(z.string(), z.string()),
  why: z.object({
    sentence: z.string(),
    asOf: z.object({ left: instant.nullable(), right: instant.nullable() }),
    runId: z.string(),
    ruleVersion: z.number().int(),
  }),
  money: z.object({
    amount: decimal.nullable(),
    currency: z.string(),
    reporting: decimal.nullable(),
    formula: z.string(),
    items: z.number().int(),
    unpriced: z.number().int(),
  }),
  /** For rules about a stream or a whole side: what is affected. */
  detail: z
    .object({
      message: z.string(),
      count: z.number().int(),
      keys: z.array(z.string()),
      nativeIds: z.array(z.string()),
    })
    .nullable(),
});
export type Evidence = z.infer<typeof Evidence>;
export type EvidenceDetail = NonNullable<Evidence["detail"]>;
