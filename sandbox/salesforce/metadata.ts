/** The shape of an object's metadata, and short ways to write its fields down. The data itself is in `objects/`. */
import type { Row } from "#sandbox/vendor-store";

export type FieldType =
  | "id"
  | "string"
  | "textarea"
  | "picklist"
  | "boolean"
  | "currency"
  | "double"
  | "percent"
  | "int"
  | "date"
  | "datetime"
  | "reference"
  /** Any type: the old and new values of a history row. */
  | "anyType";

/** Finds the row behind a reference, as the reader sees it. */
export type Lookup = (type: string, id: unknown) => Row | undefined;

export interface FieldSpec {
  name: string;
  label: string;
  type: FieldType;
  length?: number;
  /** Digits before and after the point, for numbers. */
  precision?: number;
  scale?: number;
  /** Must be given on creation and may not be emptied. */
  required?: boolean;
  externalId?: boolean;
  unique?: boolean;
  values?: readonly string[];
  /** Whether values outside `values` are refused. */
  restricted?: boolean;
  referenceTo?: string;
  /** The name by which queries step to the parent: `pse__Project__r`. */
  relationship?: string;
  /** Computed on read from the row and its parents; never stored, never stamped. */
  formula?: (row: Row, lookup: Lookup) => unknown;
  /** Number format of an auto-numbered field: `RC-{0}`; the zeros say how wide. */
  autoNumber?: string;
  /** False for what only the system sets. */
  writable?: boolean;
  /** Whether edits leave a row in the object's history. */
  tracked?: boolean;
  /** Value of a new row that names none; otherwise false for a checkbox and null for the rest. */
  initial?: unknown;
  filterable?: boolean;
}

/** A check the org's admins or the package put on every save through the API. */
export interface ValidationRule {
  name: string;
  message: string;
  /** The field the error points at, if it points at one. */
  field?: string;
  /** True when the save must fail. `before` is null on creation. */
  fails(row: Row, before: Row | null, lookup: Lookup): boolean;
}

export interface ObjectSpec {
  name: string;
  label: string;
  prefix: string;
  fields: readonly FieldSpec[];
  rules?: readonly ValidationRule[];
  /** History object and the field in it that names the changed row. Tracked fields need it. */
  history?: { object: string; parentField: string };
}

type Extra = Partial<Omit<FieldSpec, "name" | "type">>;

const field = (type: FieldType, name: string, extra: Extra): FieldSpec => ({
  name,
  type,
  label: labelOf(name),
  ...extra,
});

export const text = (name: string, length: number, extra: Extra = {}) =>
  field("string", name, { length, ...extra });
export const longText = (name: string, extra: Extra = {}) =>
  field("textarea", name, { length: 32_000, ...extra });
export const flag = (name: string, extra: Extra = {}) => field("boolean", name, extra);
export const date = (name: string, extra: Extra = {}) => field("date", name, extra);
export const moment = (name: string, extra: Extra = {}) => field("datetime", name, extra);
export const whole = (name: string, extra: Extra = {}) =>
  field("int", name, { precision: 8, scale: 0, ...extra });
export const money = (name: string, extra: Extra = {}) =>
  field("currency", name, { precision: 18, scale: 2, ...extra });
export const quantity = (name: string, extra: Extra = {}) =>
  field("double", name, { precision: 18, scale: 2, ...extra });
export const percent = (name: string, extra: Extra = {}) =>
  field("percent", name, { precision: 5, scale: 2, ...extra });
export const choice = (name: string, values: readonly string[], extra: Extra = {}) =>
  field("picklist", name, { length: 255, values, ...extra });
/** A lookup; its relationship is `X__r` for `X__c` and `X` for `XId`. */
export const reference = (name: string, to: string, extra: Extra = {}) =>
  field("reference", name, {
    length: 18,
    referenceTo: to,
    relationship: name.endsWith("__c") ? name.replace(/__c$/, "__r") : name.replace(/Id$/, ""),
    ...extra,
  });

export const CURRENCIES = ["USD", "GBP", "EUR"] as const;
export const LEGAL_ENTITIES = ["US01", "GB01", "DE01"] as const;

export const currencyCode = () =>
  choice("CurrencyIsoCode", CURRENCIES, { label: "Currency ISO Code", restricted: true, initial: "USD" });
export const legalEntity = () => choice("Legal_Entity__c", LEGAL_ENTITIES, { restricted: true });
/** An external id the firm's admins added for the integrations that create rows. */
export const integrationKey = () => text("OpsRecon_Key__c", 64, { externalId: true, unique: true });

const SYSTEM_FIELDS: readonly FieldSpec[] = [
  field("id", "Id", { label: "Record ID", length: 18, writable: false }),
  flag("IsDeleted", { writable: false }),
  moment("CreatedDate", { writable: false }),
  reference("CreatedById", "User", { writable: false }),
  moment("LastModifiedDate", { writable: false }),
  reference("LastModifiedById", "User", { writable: false }),
  moment("SystemModstamp", { writable: false }),
];

/** An object with the fields every object has. */
export function object(spec: Omit<ObjectSpec, "fields"> & { fields: readonly FieldSpec[] }): ObjectSpec {
  return { ...spec, fields: [...SYSTEM_FIELDS, ...spec.fields] };
}

/** The history object of a tracked object; history rows are never modified, so they carry no modification stamp. */
export function historyOf(spec: ObjectSpec): ObjectSpec | null {
  if (spec.history === undefined) return null;
  const { object: name, parentField } = spec.history;
  return {
    name,
    label: `${spec.label} History`,
    prefix: "017",
    fields: [
      ...SYSTEM_FIELDS.slice(0, 4),
      reference(parentField, spec.name, { writable: false }),
      text("Field", 255, { writable: false }),
      text("DataType", 50, { writable: false }),
      field("anyType", "OldValue", { writable: false, filterable: false }),
      field("anyType", "NewValue", { writable: false, filterable: false }),
    ],
  };
}

function labelOf(name: string): string {
  return name
    .replace(/^pse__/, "")
    .replace(/__c$/, "")
    .replaceAll("_", " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/ Id$/, " ID");
}
