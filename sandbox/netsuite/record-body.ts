/** Reads the body of a create or change into members the account keeps, or refuses it in the vendor's words. */
import type { Row } from "../vendor-store.ts";
import type { View } from "./account.ts";
import type { Field, RecordType } from "./record-field.ts";
import { recordTypes } from "./record-types.ts";
import { linesOf } from "./suiteql-value.ts";
import { fieldOf, kept } from "./values.ts";
import { invalidContent, VendorRefusal } from "./vendor-error.ts";

export interface BodyRules {
  view: View;
  /** Value of `X-NetSuite-PropertyNameValidation`; without it unknown members are silently dropped. */
  nameValidation: string | undefined;
  /** Sublists to replace whole instead of adding to. */
  replace: readonly string[];
}

type Members = Record<string, unknown>;

/** The body as an object. Throws the vendor's refusal when it is no JSON object. */
export function parseBody(text: string): Members {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Members;
  } catch {
    // Answered below: to the caller, broken JSON and JSON of another shape are the same mistake.
  }
  throw invalidContent("Invalid content in the request body.", "body");
}

/** Members of the body in the form the account keeps; null clears one, what is not mentioned is not in the answer. */
export function membersOf(type: RecordType, body: Members, before: Row | null, rules: BodyRules): Row {
  const mode = (rules.nameValidation ?? "warning").toLowerCase();
  if (!["error", "warning", "ignore"].includes(mode)) {
    throw new VendorRefusal(400, "INVALID_HEADER", "Allowed values are: error, warning, ignore.", {
      "o:errorHeader": "X-NetSuite-PropertyNameValidation",
    });
  }
  const out: Row = {};
  for (const [name, value] of Object.entries(body)) {
    if (name === "links" || name === "id" || name === "refName") continue;
    if (name === type.sublist?.member) {
      out.lines = sublistOf(type.sublist.fields, name, value, before, rules);
      continue;
    }
    const field = fieldOf(type, name);
    if (field === undefined || field.sqlOnly === true) {
      if (mode === "error")
        throw invalidContent(`Unknown property: ${name} is not a member of ${type.name}.`, name);
      continue;
    }
    if (field.readOnly !== true) out[name] = memberValue(field, name, value, rules.view);
  }
  return out;
}

function sublistOf(
  fields: Readonly<Record<string, Field>>,
  name: string,
  value: unknown,
  before: Row | null,
  rules: BodyRules,
): Row[] {
  const items = typeof value === "object" && value !== null && "items" in value ? value.items : undefined;
  if (!Array.isArray(items)) throw invalidContent(`The sublist ${name} needs an items array.`, name);
  const lines: Row[] = before === null || rules.replace.includes(name) ? [] : [...linesOf(before)];
  for (const [i, item] of (items as unknown[]).entries()) {
    const path = `${name}.items[${i}]`;
    if (typeof item !== "object" || item === null) throw invalidContent("A line must be an object.", path);
    const line: Row = {};
    for (const [member, given] of Object.entries(item)) {
      const field = fields[member];
      if (field !== undefined) line[member] = memberValue(field, `${path}.${member}`, given, rules.view);
    }
    const at = "line" in item ? Number(item.line) - 1 : -1;
    if (lines[at] === undefined) lines.push(line);
    else lines[at] = { ...lines[at], ...line };
  }
  return lines;
}

function memberValue(field: Field, path: string, value: unknown, view: View): unknown {
  if (value === null) return null;
  const { kind } = field;
  const plain =
    kind.is === "ref" ? referenced(kind.to, value, view) : kind.is === "choice" ? chosen(value) : value;
  const result = plain === undefined ? undefined : kept(field, plain);
  const isNegative = kind.is === "duration" && typeof result === "string" && result.startsWith("-");
  if (result === undefined || isNegative) {
    const said = chosen(value) ?? JSON.stringify(value);
    throw invalidContent(
      `Error while accessing resource: You have entered an Invalid Field Value ${said} for the following field: ${path.split(".").at(-1)}`,
      path,
    );
  }
  return result;
}

/** The id of an existing record named by `{id}`, `{externalId}` or its bare id; undefined when there is none. */
function referenced(to: readonly string[], value: unknown, view: View): string | undefined {
  if (typeof value === "object" && value !== null && "externalId" in value) {
    const wanted = String(value.externalId);
    for (const name of to) {
      const entry = view.byExternalId(name, wanted);
      if (entry !== undefined) return String(entry.row.id);
    }
    return undefined;
  }
  const id = chosen(value);
  const exists =
    id !== undefined && to.some((name) => recordTypes.has(name) && view.entry(name, id) !== undefined);
  return exists ? id : undefined;
}

function chosen(value: unknown): string | undefined {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : value;
  return typeof id === "string" || typeof id === "number" ? String(id) : undefined;
}
