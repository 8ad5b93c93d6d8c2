/** COUNT, COUNT_DISTINCT, MIN, MAX and SUM, alone or with GROUP BY. */
import type { FieldFunctionExpression, Query } from "@jetstreamapp/soql-parser-js";
import { sum } from "#core/decimal";
import type { Row } from "#sandbox/vendor-store";
import { NUMBER_TYPES } from "../stored-values.ts";
import { badRequest } from "../vendor-error.ts";
import { wireValue } from "../wire.ts";
import { order } from "./conditions.ts";
import { type FieldPath, fieldPath, type QueryScope, storedAt } from "./fields.ts";

export function isAggregate(query: Query): boolean {
  return (
    query.groupBy !== undefined || (query.fields ?? []).some((f) => f.type === "FieldFunctionExpression")
  );
}

interface Column {
  name: string;
  of(rows: readonly Row[]): unknown;
}

/** One record per group, or a single one without GROUP BY. */
export function aggregate(scope: QueryScope, query: Query, rows: readonly Row[]): Row[] {
  if (query.orderBy !== undefined && [query.orderBy].flat().length > 0) {
    throw badRequest("MALFORMED_QUERY", "unexpected token: 'order'");
  }
  const clauses = query.groupBy === undefined ? [] : [query.groupBy].flat();
  const keys = clauses.map((g) => {
    if (!("field" in g)) throw badRequest("MALFORMED_QUERY", "unexpected token: '('");
    return fieldPath(scope, g.field);
  });
  const columns = columnsOf(scope, query, keys);
  const groups = new Map<string, Row[]>();
  if (keys.length === 0) groups.set("", [...rows]);
  for (const row of keys.length === 0 ? [] : rows) {
    const key = JSON.stringify(keys.map((k) => storedAt(scope.org, k, row)));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].slice(0, query.limit ?? 2000).map((group) => ({
    attributes: { type: "AggregateResult" },
    ...Object.fromEntries(columns.map((c) => [c.name, c.of(group)])),
  }));
}

function columnsOf(scope: QueryScope, query: Query, keys: readonly FieldPath[]): Column[] {
  let unnamed = 0;
  return (query.fields ?? []).map((f) => {
    if (f.type === "FieldFunctionExpression") {
      return { name: f.alias ?? `expr${unnamed++}`, of: functionOf(scope, f) };
    }
    if (f.type !== "Field" && f.type !== "FieldRelationship")
      throw badRequest("MALFORMED_QUERY", "unexpected token: '('");
    const path = fieldPath(scope, f.type === "Field" ? f.field : [...f.relationships, f.field].join("."));
    if (!keys.some((k) => k.field === path.field && k.steps.length === path.steps.length)) {
      throw badRequest("MALFORMED_QUERY", `Field must be grouped or aggregated: ${path.field.name}`);
    }
    return {
      name: ("alias" in f ? f.alias : undefined) ?? path.field.name,
      of: (rows) => wireValue(path.field, rows[0] === undefined ? null : storedAt(scope.org, path, rows[0])),
    };
  });
}

function functionOf(scope: QueryScope, call: FieldFunctionExpression): (rows: readonly Row[]) => unknown {
  const [argument] = call.parameters;
  if (typeof argument !== "string")
    throw badRequest("MALFORMED_QUERY", `unexpected token: '${call.functionName}'`);
  const path = fieldPath(scope, argument);
  const { field } = path;
  const known = (rows: readonly Row[]) =>
    rows.map((r) => storedAt(scope.org, path, r)).filter((v) => v !== null);
  const extreme = (sign: 1 | -1) => (rows: readonly Row[]) => {
    const values = known(rows);
    if (values.length === 0) return null;
    return wireValue(
      field,
      values.reduce((a, b) => (sign * order(field, b, a) > 0 ? b : a)),
    );
  };
  switch (call.functionName.toUpperCase()) {
    case "COUNT":
      return (rows) => known(rows).length;
    case "COUNT_DISTINCT":
      return (rows) => new Set(known(rows)).size;
    case "MIN":
      return extreme(-1);
    case "MAX":
      return extreme(1);
    case "SUM":
      if (!NUMBER_TYPES.has(field.type)) break;
      return (rows) => wireValue(field, sum(known(rows).map(String)));
  }
  throw badRequest("MALFORMED_QUERY", `unexpected token: '${call.functionName}'`);
}
