/** What callers send in a body, checked field by field the way the vendor checks it before any rule runs. */
import { compare } from "#core/decimal";
import type { Row } from "#sandbox/vendor-store";
import type { FieldSpec } from "./metadata.ts";
import type { Org } from "./org.ts";
import { BadValue, NUMBER_TYPES, storedValue } from "./stored-values.ts";
import type { Table } from "./table.ts";
import { badRequest, type ErrorElement, VendorError } from "./vendor-error.ts";

/** A JSON body, or JSON_PARSER_ERROR. */
export function parseBody(text: string): Row {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest("JSON_PARSER_ERROR", "Unexpected character in the request body at [line:1, column:1]");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw badRequest(
      "JSON_PARSER_ERROR",
      "The HTTP entity body is required to be a JSON object, but this request has none.",
    );
  }
  return body as Row;
}

/** The fields of a record in a body as stored values. Throws every error found, together. */
export function incomingFields(org: Org, table: Table, record: Row): Row {
  const errors: ErrorElement[] = [];
  const out: Row = {};
  const readOnly: string[] = [];
  for (const [name, value] of Object.entries(record)) {
    if (name === "attributes") continue;
    const field = table.field(name);
    if (field === undefined || org.isHidden(table.spec.name, field.name)) {
      throw badRequest("INVALID_FIELD", `No such column '${name}' on sobject of type ${table.spec.name}`);
    }
    if (field.formula !== undefined || field.writable === false) {
      readOnly.push(field.name);
      continue;
    }
    const stored = parseValue(field, value);
    const error = problem(org, field, stored);
    if (error !== null) errors.push(error);
    else out[field.name] = stored;
  }
  if (readOnly.length > 0) {
    const list = readOnly.join(", ");
    const message = `Unable to create/update fields: ${list}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
    throw badRequest("INVALID_FIELD_FOR_INSERT_UPDATE", message, readOnly);
  }
  if (errors.length > 0) throw new VendorError(400, ...errors);
  return out;
}

const WIRE_TYPES: Readonly<Record<string, string>> = {
  boolean: "boolean",
  date: "date",
  datetime: "datetime",
  currency: "currency",
  double: "double",
  percent: "percent",
  int: "int",
};

function parseValue(field: FieldSpec, value: unknown): unknown {
  try {
    if (field.type !== "datetime" || value === null) return storedValue(field, value);
    const at =
      typeof value === "string" ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, "$1:$2")) : Number.NaN;
    return storedValue(field, at);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    if (field.type === "reference") {
      throw badRequest("MALFORMED_ID", `${field.label}: id value of incorrect type: ${String(value)}`, [
        field.name,
      ]);
    }
    const token = typeof value === "string" ? "VALUE_STRING" : `VALUE_${JSON.stringify(value).toUpperCase()}`;
    const type = WIRE_TYPES[field.type] ?? "string";
    throw badRequest(
      "JSON_PARSER_ERROR",
      `Cannot deserialize instance of ${type} from ${token} value ${String(value)} or request may be missing a required field`,
    );
  }
}

/** What is wrong with a value that is at least of the right type. */
function problem(org: Org, field: FieldSpec, value: unknown): ErrorElement | null {
  if (value === null) return null;
  const fields = [field.name];
  if (field.type === "reference" && field.referenceTo !== undefined) {
    const target = org.lookup(field.referenceTo, value);
    const message = "invalid cross reference id";
    return target === undefined || target.IsDeleted === true
      ? { errorCode: "INVALID_CROSS_REFERENCE_KEY", message, fields: [] }
      : null;
  }
  if (field.restricted === true && !(field.values ?? []).includes(String(value))) {
    const message = `${field.label}: bad value for restricted picklist field: ${String(value)}`;
    return { errorCode: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields };
  }
  if (NUMBER_TYPES.has(field.type)) {
    const limit = `1${"0".repeat((field.precision ?? 18) - (field.scale ?? 0))}`;
    const fits = compare(String(value), limit) < 0 && compare(String(value), `-${limit}`) > 0;
    const message = `${field.label}: value outside of valid range on numeric field: ${String(value)}`;
    return fits ? null : { errorCode: "NUMBER_OUTSIDE_VALID_RANGE", message, fields };
  }
  if (typeof value === "string" && field.length !== undefined && value.length > field.length) {
    const message = `${field.label}: data value too large: ${value.slice(0, 80)} (max length=${field.length})`;
    return { errorCode: "STRING_TOO_LONG", message, fields };
  }
  return null;
}
