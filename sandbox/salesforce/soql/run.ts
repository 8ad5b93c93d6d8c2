/** Runs a query: finds the rows, orders them, and says how to write each one down. Counting and grouping are in aggregate.ts. */
import { type OrderByClause, parseQuery, type Query } from "@jetstreamapp/soql-parser-js";
import type { Row } from "#sandbox/vendor-store";
import type { Org } from "../org.ts";
import type { Entry, Table } from "../table.ts";
import { badRequest } from "../vendor-error.ts";
import { attributes } from "../wire.ts";
import { aggregate, isAggregate } from "./aggregate.ts";
import {
  type Comparison,
  comparison,
  order,
  type Predicate,
  predicate,
  type Subquery,
} from "./conditions.ts";
import { type FieldPath, fieldPath, pointer, type QueryScope, storedAt, wiredAt } from "./fields.ts";
import { namedIds, timeBounds } from "./plan.ts";
import { type Test, whereTree } from "./where.ts";

export interface QueryRun {
  totalSize: number;
  /** The records at these positions; rows that have vanished since are left out. */
  page(from: number, to: number): Row[];
}

export interface RunOptions {
  /** API version, for the records' urls. */
  version: string;
  /** Show deleted rows too, as queryAll does. */
  includeDeleted: boolean;
}

/** Throws MALFORMED_QUERY, INVALID_FIELD or INVALID_TYPE as the vendor would. */
export function runQuery(org: Org, soql: string, options: RunOptions): QueryRun {
  org.settle();
  const query = parse(soql);
  const scope = scopeOf(org, soql, query);
  refuseUnsupported(query);
  const counts = query.fields?.length === 1 && isBareCount(query);
  if (counts) {
    const size = Math.min(find(scope, query, options).length, query.limit ?? Number.POSITIVE_INFINITY);
    return { totalSize: size, page: () => [] };
  }
  if (isAggregate(query)) {
    const rows = aggregate(scope, query, visible(find(scope, { ...query, orderBy: [] }, options)));
    return { totalSize: rows.length, page: (from, to) => rows.slice(from, to) };
  }
  const write = writer(scope, query, options.version);
  const start = query.offset ?? 0;
  const ids = find(scope, query, options)
    .slice(start, start + (query.limit ?? Number.POSITIVE_INFINITY))
    .map((e) => e.id);
  return {
    totalSize: ids.length,
    page(from, to) {
      org.settle();
      const rows = ids.slice(from, to).map((id) => scope.table.entry(id)?.visible ?? null);
      return rows
        .filter((r): r is Row => r !== null && (options.includeDeleted || r.IsDeleted !== true))
        .map(write);
    },
  };
}

function parse(soql: string): Query {
  try {
    return parseQuery(soql);
  } catch (error) {
    const found = /found(?:: | --> )'([^']*)'/.exec(error instanceof Error ? error.message : "");
    throw badRequest("MALFORMED_QUERY", `unexpected token: ${found?.[1] || "<EOF>"}`);
  }
}

function scopeOf(org: Org, soql: string, query: Query): QueryScope {
  const name = query.sObject ?? "";
  const table = org.table(name);
  if (table === undefined) {
    throw badRequest(
      "INVALID_TYPE",
      `${pointer(soql, name)}sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
    );
  }
  return {
    org,
    soql,
    table,
    aliases: [table.spec.name, ...(query.sObjectAlias ? [query.sObjectAlias] : [])],
  };
}

function refuseUnsupported(query: Query): void {
  const refused: readonly [boolean, string][] = [
    [query.having !== undefined, "having"],
    [query.usingScope !== undefined, "using"],
    [query.for !== undefined, "for"],
    [query.update !== undefined, "update"],
    [query.withDataCategory !== undefined, "with"],
  ];
  for (const [found, token] of refused)
    if (found) throw badRequest("MALFORMED_QUERY", `unexpected token: '${token}'`);
  if ((query.offset ?? 0) > 2000) {
    throw badRequest("NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000");
  }
}

function isBareCount(query: Query): boolean {
  const field = query.fields?.[0];
  return (
    field?.type === "FieldFunctionExpression" &&
    field.functionName.toUpperCase() === "COUNT" &&
    field.parameters.length === 0
  );
}

/** The entries that satisfy the query, in its order; limit and offset are the caller's. */
function find(scope: QueryScope, query: Query, options: RunOptions): Entry[] {
  const { table } = scope;
  const subquery: Subquery = (inner) => subqueryValues(scope, inner, options);
  const tree = query.where === undefined ? null : whereTree(query.where);
  const matches: Predicate = tree === null ? () => true : predicate(scope, tree, subquery);
  const keys = sortKeys(scope, query.orderBy);
  const read = (test: Test): Comparison => comparison(scope, test, subquery);

  const inTimeOrder = keys.length > 0 && inIndexOrder(keys);
  const clock = inTimeOrder ? keys[0]?.path.field.name : stampOf(table);
  const ids = tree === null ? null : namedIds(tree, read);
  let candidates: Iterable<Entry>;
  if (ids !== null) candidates = ids.map((id) => table.entry(id)).filter((e) => e !== undefined);
  else if (clock === undefined) candidates = table.entries();
  else {
    const bounds = tree === null ? null : timeBounds(tree, clock, read);
    const bounded = bounds !== null && (Number.isFinite(bounds.from) || Number.isFinite(bounds.to));
    candidates =
      bounded || inTimeOrder
        ? table.range(clock, bounds?.from ?? Number.NEGATIVE_INFINITY, bounds?.to ?? Number.POSITIVE_INFINITY)
        : table.entries();
  }

  const sorted = inTimeOrder && ids === null;
  const enough =
    sorted && query.limit !== undefined ? query.limit + (query.offset ?? 0) : Number.POSITIVE_INFINITY;
  const found: Entry[] = [];
  for (const entry of candidates) {
    if (found.length >= enough) break;
    const row = entry.visible;
    if (row !== null && (options.includeDeleted || row.IsDeleted !== true) && matches(row)) found.push(entry);
  }
  return sorted || keys.length === 0 ? found : sort(scope, found, keys);
}

/** The date-time field whose index narrows most queries on the object. */
function stampOf(table: Table): string | undefined {
  return (table.field("SystemModstamp") ?? table.field("CreatedDate"))?.name;
}

interface SortKey {
  path: FieldPath;
  descending: boolean;
  nullsLast: boolean;
}

function sortKeys(scope: QueryScope, orderBy: Query["orderBy"]): SortKey[] {
  const clauses: OrderByClause[] = orderBy === undefined ? [] : Array.isArray(orderBy) ? orderBy : [orderBy];
  return clauses.map((clause) => {
    if (!("field" in clause)) throw badRequest("MALFORMED_QUERY", "unexpected token: '('");
    const path = fieldPath(scope, clause.field);
    if (path.field.filterable === false || path.field.type === "textarea") {
      throw badRequest("INVALID_FIELD", `field '${path.field.name}' can not be sorted in a query call`);
    }
    return { path, descending: clause.order === "DESC", nullsLast: clause.nulls === "LAST" };
  });
}

/** Whether an index on the first key already has this order: a date-time upwards, then perhaps the id upwards. */
function inIndexOrder(keys: readonly SortKey[]): boolean {
  const [first, second] = keys;
  const plain = (k: SortKey | undefined) =>
    k !== undefined && !k.descending && !k.nullsLast && k.path.steps.length === 0;
  return (
    plain(first) &&
    first?.path.field.type === "datetime" &&
    first.path.field.formula === undefined &&
    (second === undefined || (keys.length === 2 && plain(second) && second.path.field.name === "Id"))
  );
}

function sort(scope: QueryScope, found: readonly Entry[], keys: readonly SortKey[]): Entry[] {
  const decorated = found.map((entry) => ({
    entry,
    values: keys.map((k) => (entry.visible === null ? null : storedAt(scope.org, k.path, entry.visible))),
  }));
  decorated.sort((a, b) => {
    for (const [i, key] of keys.entries()) {
      const [x, y] = [a.values[i] ?? null, b.values[i] ?? null];
      if (x === null && y === null) continue;
      if (x === null) return key.nullsLast ? 1 : -1;
      if (y === null) return key.nullsLast ? -1 : 1;
      const by = order(key.path.field, x, y);
      if (by !== 0) return key.descending ? -by : by;
    }
    return 0;
  });
  return decorated.map((d) => d.entry);
}

function subqueryValues(outer: QueryScope, query: Query, options: RunOptions): unknown[] {
  const scope = scopeOf(outer.org, outer.soql, query);
  const [field] = query.fields ?? [];
  if (query.fields?.length !== 1 || field?.type !== "Field") {
    throw badRequest("MALFORMED_QUERY", "semi join sub-selects must select exactly one column");
  }
  const path = fieldPath(scope, field.field);
  return visible(find(scope, query, options)).map((row) => storedAt(scope.org, path, row));
}

const visible = (entries: readonly Entry[]): Row[] => entries.map((e) => e.visible).filter((r) => r !== null);

/** How a row of this query is written: its own fields flat, parents nested with attributes of their own. */
function writer(scope: QueryScope, query: Query, version: string): (row: Row) => Row {
  const seen = new Set<string>();
  const paths = (query.fields ?? []).map((f) => {
    if (f.type !== "Field" && f.type !== "FieldRelationship") {
      const token = f.type === "FieldFunctionExpression" ? (f.rawValue ?? f.functionName) : "(";
      throw badRequest("MALFORMED_QUERY", `unexpected token: '${token}'`);
    }
    const prefix = "objectPrefix" in f ? [f.objectPrefix] : [];
    const name = [...prefix, ...(f.type === "FieldRelationship" ? f.relationships : []), f.field].join(".");
    if (seen.has(name.toLowerCase()))
      throw badRequest("MALFORMED_QUERY", `duplicate field selected: ${name}`);
    seen.add(name.toLowerCase());
    return fieldPath(scope, name);
  });
  const { org, table } = scope;
  return (row) => {
    const out: Row = { attributes: attributes(table.spec.name, version, String(row.Id)) };
    for (const path of paths) {
      const target = parentOf(org, out, path, row, version);
      if (target !== null) target[path.field.name] = wiredAt(org, path, row);
    }
    return out;
  };
}

/** The nested object a path's value goes into, made on the way; null when a lookup on the way is empty. */
function parentOf(org: Org, out: Row, path: FieldPath, row: Row, version: string): Row | null {
  let target = out;
  let at: Row | undefined = row;
  for (const { lookup, table } of path.steps) {
    const name = lookup.relationship ?? lookup.name;
    const id: unknown = at?.[lookup.name];
    at = id === null || id === undefined ? undefined : org.lookup(table.spec.name, id);
    if (at === undefined) {
      target[name] ??= null;
      return null;
    }
    target[name] ??= { attributes: attributes(table.spec.name, version, String(at.Id)) };
    target = target[name] as Row;
  }
  return target;
}
