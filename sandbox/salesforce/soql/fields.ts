/** Field names in a query: from `pse__Project__r.Name` to the steps that read it from a row. */
import type { Row } from "#sandbox/vendor-store";
import type { FieldSpec } from "../metadata.ts";
import type { Org } from "../org.ts";
import { fieldValue, type Table } from "../table.ts";
import { badRequest } from "../vendor-error.ts";
import { readValue } from "../wire.ts";

export interface FieldPath {
  /** Lookups to follow, outermost first. */
  steps: readonly { lookup: FieldSpec; table: Table }[];
  /** Where the field lives. */
  table: Table;
  field: FieldSpec;
}

/** One query's view of its object: enough to find fields and to word errors as the vendor does. */
export interface QueryScope {
  org: Org;
  soql: string;
  table: Table;
  /** Names that may stand before a field and mean the queried object itself. */
  aliases: readonly string[];
}

const DEEPEST = 5;

/** Throws INVALID_FIELD when any part of the path does not exist or is hidden. */
export function fieldPath(scope: QueryScope, name: string): FieldPath {
  const parts = name.split(".");
  if (parts.length > 1 && scope.aliases.some((a) => a.toLowerCase() === parts[0]?.toLowerCase()))
    parts.shift();
  const last = parts.pop() ?? name;
  if (parts.length > DEEPEST) throw invalidField(scope, name, `Too many levels in '${name}'`);
  let table = scope.table;
  const steps = parts.map((part) => {
    const lookup = table.relationship(part);
    const parent = lookup?.referenceTo === undefined ? undefined : scope.org.table(lookup.referenceTo);
    if (lookup === undefined || parent === undefined || scope.org.isHidden(table.spec.name, lookup.name)) {
      throw invalidField(
        scope,
        name,
        `Didn't understand relationship '${part}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
      );
    }
    table = parent;
    return { lookup, table: parent };
  });
  const field = table.field(last);
  if (field === undefined || scope.org.isHidden(table.spec.name, field.name)) {
    throw invalidField(
      scope,
      last,
      `No such column '${last}' on entity '${table.spec.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
    );
  }
  return { steps, table, field };
}

/** The row the path ends in, or undefined when a lookup on the way is empty. */
function owner(org: Org, path: FieldPath, row: Row): Row | undefined {
  let at: Row | undefined = row;
  for (const step of path.steps) {
    if (at === undefined) return undefined;
    const id: unknown = at[step.lookup.name];
    at = id === null || id === undefined ? undefined : org.lookup(step.table.spec.name, id);
  }
  return at;
}

/** The stored value at the end of the path; null when a lookup on the way is empty. */
export function storedAt(org: Org, path: FieldPath, row: Row): unknown {
  const at = owner(org, path, row);
  return at === undefined ? null : fieldValue(path.field, at, org.lookup);
}

/** The same as the vendor sends it. */
export function wiredAt(org: Org, path: FieldPath, row: Row): unknown {
  const at = owner(org, path, row);
  return at === undefined ? null : readValue(org, path.table, path.field, at);
}

export function invalidField(scope: QueryScope, found: string, message: string) {
  return badRequest("INVALID_FIELD", `${pointer(scope.soql, found)}${message}`);
}

/** The vendor quotes the query around the mistake and says where it is. */
export function pointer(soql: string, found: string): string {
  const at = Math.max(soql.toLowerCase().indexOf(found.toLowerCase()), 0);
  const from = Math.max(at - 20, 0);
  const snippet = soql.slice(from, at + found.length + 20).replaceAll("\n", " ");
  return `\n${snippet}\n${" ".repeat(at - from)}^\nERROR at Row:1:Column:${at + 1}\n`;
}
