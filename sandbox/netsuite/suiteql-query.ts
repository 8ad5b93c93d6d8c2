/**
 * Runs one parsed SELECT over a view of the account: join, filter, group, order. What a query does not order comes in
 * another order each time, ties included, so that a reader who forgets a unique ORDER BY loses rows here as it would there.
 */
import type { Entry } from "./account.ts";
import { aggregator } from "./suiteql-aggregate.ts";
import {
  AGGREGATES,
  asText,
  type Compiled,
  compileCondition,
  compileValue,
  converted,
  orderOf,
  type Scope,
  type Tuple,
} from "./suiteql-expression.ts";
import { joinTable } from "./suiteql-join.ts";
import { badQuery, type Expr, type Select } from "./suiteql-syntax.ts";
import type { Table } from "./suiteql-tables.ts";
import type { Value } from "./suiteql-value.ts";

export interface QueryResult {
  tuples: readonly Tuple[];
  /** One result row as SuiteQL sends it: text only, nulls left out. */
  render(tuple: Tuple): Record<string, string>;
  /** The same query over the same data gives the same order. */
  isDetermined: boolean;
}

export interface QueryContext {
  table(name: string): Table | null;
  params: readonly Value[];
  now: number;
  random(): number;
}

/** Throws the vendor's refusal for names it does not know and clauses that make no sense. */
export function runSelect(select: Select, context: QueryContext): QueryResult {
  const tables = select.from.map(
    (s) => context.table(s.table) ?? refuse(`Record '${s.table}' was not found.`),
  );
  const [first] = tables;
  if (first === undefined) throw badQuery("Search error occurred: a query needs a FROM clause.");
  const scope = scopeOf(select, tables, context);
  const isGrouped =
    select.groupBy.length > 0 || select.columns.some((c) => c.expr !== null && aggregates(c.expr));
  const group = isGrouped ? aggregator(scope) : null;
  const columns = outputColumns(select, tables, group?.scope ?? scope);
  const order = orderBy(select, group?.scope ?? scope);
  // Compiled whether or not there are rows, so that a mistake never hides behind an empty table.
  const where = select.where === null ? null : compileCondition(select.where, scope);
  const groupKeys = select.groupBy.map((e) => compileValue(e, scope));

  const inIndexOrder = followsIndex(select, first, scope) && !isGrouped;
  let tuples: Tuple[] = candidates(select.where, first, scope, inIndexOrder).map((e) => [e]);
  for (let i = 1; i < tables.length; i++) tuples = joinTable(tuples, i, select, tables, scope);
  if (where !== null) tuples = tuples.filter((t) => where(t) === true);
  if (group !== null) tuples = group.fold(tuples, groupKeys, tables.length);
  if (select.distinct) tuples = distinct(tuples, columns);
  const isDetermined = inIndexOrder || (!isGrouped && tables.length === 1 && ordersById(select, scope));
  if (!isDetermined) shuffle(tuples, context.random);
  if (!inIndexOrder) sortBy(tuples, order);
  return { tuples, render: (t) => renderRow(t, columns), isDetermined };
}

type Output = { name: string; value: Compiled };

function scopeOf(select: Select, tables: readonly Table[], context: QueryContext): Scope {
  return {
    params: context.params,
    now: context.now,
    aggregate: null,
    column(alias, name) {
      const found = tables.flatMap((table, position) => {
        const column = table.columns.get(name);
        const isMeant = alias === null || select.from[position]?.alias === alias;
        return column !== undefined && isMeant ? [{ position, column }] : [];
      });
      const [hit] = found;
      if (hit === undefined) {
        const known = tables.flatMap((t) => [...t.columns.keys()]).join(", ");
        return refuse(`Unknown identifier '${name}'. Available identifiers are: {${known}}`);
      }
      if (found.length > 1) return refuse(`Column '${name}' is ambiguously defined.`);
      return hit;
    },
  };
}

function aggregates(expr: Expr): boolean {
  if (expr.is === "call") return AGGREGATES.has(expr.name) || expr.args.some(aggregates);
  if (expr.is === "binary") return aggregates(expr.left) || aggregates(expr.right);
  return expr.is === "case" && (expr.branches.some((b) => aggregates(b.value)) || aggregates(expr.otherwise));
}

function outputColumns(select: Select, tables: readonly Table[], scope: Scope): Output[] {
  const out: Output[] = [];
  const taken = new Map<string, number>();
  const push = (name: string, value: Compiled) => {
    const times = taken.get(name);
    taken.set(name, (times ?? -1) + 1);
    out.push({ name: times === undefined ? name : `${name}_${times}`, value });
  };
  for (const [i, column] of select.columns.entries()) {
    if (column.expr === null) {
      for (const [position, table] of tables.entries()) {
        const alias = select.from[position]?.alias ?? "";
        if (column.table !== null && column.table !== alias) continue;
        for (const name of table.columns.keys())
          push(name, compileValue({ is: "column", table: alias, name }, scope));
      }
      continue;
    }
    const own = column.expr.is === "column" ? column.expr.name : `expr${i + 1}`;
    push(column.alias ?? own, compileValue(column.expr, scope));
  }
  return out;
}

/** The expression an ORDER BY item stands for: an output column by number or by name, or itself. */
function orderTarget(expr: Expr, select: Select): Expr {
  const named = (e: Expr | null | undefined) => e ?? refuse("Search error occurred: invalid ORDER BY.");
  if (expr.is === "number") return named(select.columns[Number(expr.value) - 1]?.expr);
  if (expr.is !== "column" || expr.table !== null) return expr;
  return select.columns.find((c) => c.alias === expr.name)?.expr ?? expr;
}

type Order = { value: Compiled; descending: boolean; nullsFirst: boolean };

function orderBy(select: Select, scope: Scope): Order[] {
  return select.orderBy.map((o) => ({
    value: compileValue(orderTarget(o.expr, select), scope),
    descending: o.descending,
    nullsFirst: o.nulls === null ? o.descending : o.nulls === "first",
  }));
}

const isFirstTables = (expr: Expr, name: string, scope: Scope): boolean =>
  expr.is === "column" && expr.name === name && scope.column(expr.table, expr.name).position === 0;

/** `ORDER BY <stamp>, id` over one table: the order its index already has. */
function followsIndex(select: Select, table: Table, scope: Scope): boolean {
  const [stamp, id] = select.orderBy;
  if (table.orderedBy === null || select.from.length > 1 || select.distinct) return false;
  if (select.orderBy.length !== 2 || stamp === undefined || id === undefined) return false;
  if (stamp.descending || id.descending) return false;
  return (
    isFirstTables(orderTarget(stamp.expr, select), table.orderedBy, scope) &&
    isFirstTables(orderTarget(id.expr, select), "id", scope)
  );
}

function ordersById(select: Select, scope: Scope): boolean {
  return select.orderBy.some((o) => {
    const target = orderTarget(o.expr, select);
    return target.is === "column" && target.name === "id" && isFirstTables(target, "id", scope);
  });
}

/** The first table's rows, without those older than the WHERE clause can want. */
function candidates(where: Expr | null, table: Table, scope: Scope, ordered: boolean): readonly Entry[] {
  const from = where === null || table.orderedBy === null ? null : earliest(where, table.orderedBy, scope);
  if (from === null) return ordered ? table.inOrder() : table.rows;
  const rows = table.inOrder();
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.modified ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return rows.slice(low);
}

/** The earliest stamp a row can have and still satisfy the condition; null when it may have any. */
function earliest(expr: Expr, stamp: string, scope: Scope): number | null {
  if (expr.is !== "binary") return null;
  if (expr.op === "AND" || expr.op === "OR") {
    const [a, b] = [earliest(expr.left, stamp, scope), earliest(expr.right, stamp, scope)];
    if (expr.op === "AND") return a === null ? b : b === null ? a : Math.max(a, b);
    return a === null || b === null ? null : Math.min(a, b);
  }
  const sides: readonly [column: Expr, bound: Expr] | null = [">=", ">", "="].includes(expr.op)
    ? [expr.left, expr.right]
    : ["<=", "<"].includes(expr.op)
      ? [expr.right, expr.left]
      : null;
  if (sides === null || !isFirstTables(sides[0], stamp, scope)) return null;
  const bound = compileValue(sides[1], scope);
  const value = bound.fixed ? converted(bound, "time").get([]) : null;
  return typeof value === "number" ? value : null;
}

function distinct(tuples: readonly Tuple[], columns: readonly Output[]): Tuple[] {
  const seen = new Set<string>();
  return tuples.filter((t) => {
    const key = JSON.stringify(renderRow(t, columns));
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}

function shuffle(tuples: Tuple[], random: () => number): void {
  for (let i = tuples.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [tuples[i], tuples[j]];
    if (a !== undefined && b !== undefined) {
      tuples[i] = b;
      tuples[j] = a;
    }
  }
}

function sortBy(tuples: Tuple[], order: readonly Order[]): void {
  if (order.length === 0) return;
  const compares = order.map((o) => orderOf(o.value.kind));
  const keyed = tuples.map((tuple) => ({ tuple, keys: order.map((o) => o.value.get(tuple)) }));
  keyed.sort((a, b) => {
    for (const [i, o] of order.entries()) {
      const [x, y] = [a.keys[i] ?? null, b.keys[i] ?? null];
      if (x === null || y === null) {
        if (x === y) continue;
        return (x === null) === o.nullsFirst ? -1 : 1;
      }
      const by = compares[i]?.(x, y) ?? 0;
      if (by !== 0) return o.descending ? -by : by;
    }
    return 0;
  });
  for (const [i, { tuple }] of keyed.entries()) tuples[i] = tuple;
}

function renderRow(tuple: Tuple, columns: readonly Output[]): Record<string, string> {
  const row: Record<string, string> = {};
  for (const { name, value } of columns) {
    const text = asText(value.kind, value.get(tuple));
    if (text !== null) row[name] = text;
  }
  return row;
}

function refuse(why: string): never {
  throw badQuery(why);
}
