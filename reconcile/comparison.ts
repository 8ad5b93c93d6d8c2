/**
 * What a comparison is: two sides, the fields on which they must agree, and how much they may differ. A comparison says only how
 * keys come out; what that means for the business is said by the rules that claim its outcomes (rule.ts).
 */
import type { Entity } from "#core/entities";
import { InvariantError } from "#core/errors";
import type { Role } from "#core/roles";

/** How one key came out. Every key a run looks at has exactly one kind. */
export const KINDS = [
  "match",
  "pending",
  "unlinked",
  "duplicate_key",
  "missing_left",
  "missing_right",
  "mismatch",
] as const;
export type Kind = (typeof KINDS)[number];

/** A kind that a rule can claim: neither agreement nor waiting. */
export type FailingKind = Exclude<Kind, "match" | "pending">;
export const FAILING_KINDS: readonly FailingKind[] = [
  "unlinked",
  "duplicate_key",
  "missing_left",
  "missing_right",
  "mismatch",
];

/**
 * One side: a view with one row per record and the columns key, k, present, changed_at, source_id, native_id, project_key,
 * customer_key, legal_entity, currency, every compared field and every carried column; none of the compared ones Nullable.
 */
export interface Side {
  role: Role;
  view: string;
  /** The view takes the date of the run. */
  dated?: true;
  /** What it reads, for knowing which streams must be fresh. */
  reads: readonly Entity[];
  /** What one row is, for people: "approved time line". */
  noun: string;
  /**
   * Fields the rows are made by, as `entity.field` (`a.b|c.d`: one of the two is enough): where no source of the side holds one of
   * them, nothing can be concluded from a row's being there or not, and the comparison is not made.
   */
  needs?: readonly string[];
}

export type SideName = "left" | "right";

/** A compared field. Measures of repeated rows are summed, attributes and dates picked. */
export interface Field {
  name: string;
  /** For people: "hours", "start date". */
  label: string;
  as: "measure" | "attribute" | "date";
  /** Most the sides may differ and still agree, the boundary included: an amount for a measure, days for a date. */
  tolerance?: string;
  /**
   * The same for a measure in percent of the left value, the boundary included. Where both are given, the sides differ only when
   * they differ by more than either.
   */
  tolerancePct?: string;
  /** A side that leaves it empty says nothing about it, and so agrees with any value. */
  emptyAgrees?: true;
  /**
   * `code`: surrounding blanks and upper or lower case do not count. `name`: nor do how many blanks stand between words, nor how a
   * letter is encoded (Unicode NFKC).
   */
  normalise?: "code" | "name";
  /**
   * The canonical field a side makes it of, where that has another name (`{ right: "bill_rate" }`) or is another entity's
   * (`{ left: "contract.payment_terms" }`).
   */
  heldAs?: Readonly<Partial<Record<SideName, string>>>;
  /**
   * Of a measure that counts what may not be: the side that says how much there may be (mostly none); the other says how much there
   * is. For people only: "Hours after the last day: 12" instead of "0 in the CRM, 12 in the PSA".
   */
  limit?: SideName;
  /** Set for a run (see applicable.ts): the sides none of whose sources holds the field. It is then not compared. */
  lackedBy?: readonly SideName[];
}

/** Whether both sides hold a field at all. */
export function isCompared(field: Field): boolean {
  return field.lackedBy === undefined;
}

/** One way to recognise a record by something other than its key. */
export interface FallbackWay {
  /** What is the same, for people: "the same tax number". With `alike`: what is the same besides, or "". */
  words: string;
  /** Columns that must be the same. An empty one matches nothing, here and below. */
  same?: readonly string[];
  /** A column of which the letters and digits must be the same; shown with the reason. */
  code?: string;
  /** A column whose words must be at least ALIKE_PCT alike, in any order, and hold the same numbers. */
  alike?: string;
  /** A column that must not differ where both records have it. */
  agree?: string;
  /** A record that has its partner already is told of too: one of the two may be there twice. */
  evenTaken?: true;
}

/**
 * How the record that is probably the same is looked for where the key finds none, surest way first. What is found is suggested to
 * people; no run takes it for a match, and nothing is linked by itself.
 */
export interface Fallback {
  /**
   * The views to look in: entity, role, source_id, native_id, key, k, `link_key` (equal on both sides of a pair that is linked; empty:
   * linked to nothing) and link_k (its hash), called (for people), and the columns of the ways, all text.
   */
  left: string;
  right: string;
  ways: readonly FallbackWay[];
  /** Columns with agreed keys of what a record is about, such as a person: shown by name beside what the record is called. */
  about?: readonly string[];
  /** Columns of a large table that every way asks to be the same: only rows that have them are read whole. */
  narrow?: { table: Entity; columns: readonly string[] };
}

/** How alike two names must be at least to be suggested, in percent. */
export const ALIKE_PCT = 92;

export interface Comparison {
  id: string;
  /** What must agree, for people. */
  title: string;
  /** What its keys are, as `touched_key` names it. */
  entity: Entity;
  /** What one key is made of, for people, where it is not the entity's own: "client, role and currency". */
  keyedBy?: string;
  left: Side;
  right: Side;
  fields: readonly Field[];
  /** Shown to people and used to price; never compared. */
  carry: readonly string[];
  /** `streamed`: find the keys that differ first, then judge those; needs `row_hash` on both sides. `direct`: judge every key. */
  find: "streamed" | "direct";
  /** Who knows what has been invoiced; the PSA when left out. Set where no PSA source says so. */
  invoicedBy?: "erp";
  /** How long a key must have been quiet before an outcome no rule claims counts; claims bring their own. */
  settle: string;
  fallback?: Fallback;
}

const NAME = /^[a-z][a-z0-9_]*$/;

/** Names end up in SQL text; anything but a plain lower-case name is refused. Throws InvariantError. */
export function checkName(name: string): string {
  if (!NAME.test(name))
    throw new InvariantError("reconcile.bad-name", `Not a name that may stand in SQL: ${name}`);
  return name;
}

/** The field of a comparison by name. Throws InvariantError when it has none. */
export function fieldOf(comparison: Comparison, name: string): Field {
  const field = comparison.fields.find((f) => f.name === name);
  if (!field)
    throw new InvariantError(
      "reconcile.unknown-field",
      `The comparison ${comparison.id} has no field ${name}`,
    );
  return field;
}
