/** Field history: which rows a save leaves behind, as the vendor words them. */
import { compare } from "#core/decimal";
import type { Row } from "#sandbox/vendor-store";
import type { FieldSpec, Lookup, ObjectSpec } from "./metadata.ts";
import { NUMBER_TYPES } from "./stored-values.ts";

const DATA_TYPES: Readonly<Record<string, string>> = {
  string: "Text",
  textarea: "TextArea",
  picklist: "DynamicEnum",
  boolean: "Boolean",
  currency: "Currency",
  double: "Double",
  percent: "Percent",
  int: "Double",
  date: "DateOnly",
  datetime: "DateTime",
};

export type HistoryLine = Pick<Row, "Field" | "DataType" | "OldValue" | "NewValue">;

/** One line per tracked field that changed, two for a lookup (names, then ids), or the single line of a creation. */
export function historyLines(
  spec: ObjectSpec,
  before: Row | null,
  after: Row,
  lookup: Lookup,
): HistoryLine[] {
  if (spec.history === undefined) return [];
  if (before === null) return [{ Field: "created", DataType: "Text", OldValue: null, NewValue: null }];
  return spec.fields
    .filter((f) => f.tracked === true && !same(f, before[f.name], after[f.name]))
    .flatMap((f) => lines(f, before[f.name] ?? null, after[f.name] ?? null, lookup));
}

function lines(field: FieldSpec, before: unknown, after: unknown, lookup: Lookup): HistoryLine[] {
  if (field.type !== "reference" || field.referenceTo === undefined) {
    const type = DATA_TYPES[field.type] ?? "Text";
    return [{ Field: field.name, DataType: type, OldValue: before, NewValue: after }];
  }
  const to = field.referenceTo;
  const name = (id: unknown) => (id === null ? null : (lookup(to, id)?.Name ?? null));
  return [
    { Field: field.name, DataType: "Text", OldValue: name(before), NewValue: name(after) },
    { Field: field.name, DataType: "EntityId", OldValue: before, NewValue: after },
  ];
}

function same(field: FieldSpec, a: unknown, b: unknown): boolean {
  if (NUMBER_TYPES.has(field.type) && typeof a === "string" && typeof b === "string")
    return compare(a, b) === 0;
  return (a ?? null) === (b ?? null);
}
