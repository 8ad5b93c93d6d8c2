/** Joins one more table to the rows found so far, by hashing on the equality of a column that the ON clause must have. */
import type { Entry } from "./account.ts";
import {
  type Compiled,
  compileCondition,
  compileValue,
  type Scope,
  type Tuple,
} from "./suiteql-expression.ts";
import { badQuery, type Expr, type Select } from "./suiteql-syntax.ts";
import type { Table } from "./suiteql-tables.ts";

/** Throws the vendor's refusal when the ON clause has no equality between the new table and what stands before it. */
export function joinTable(
  tuples: readonly Tuple[],
  position: number,
  select: Select,
  tables: readonly Table[],
  scope: Scope,
): Tuple[] {
  const join = select.from[position]?.join ?? null;
  const table = tables[position];
  if (join === null || table === undefined)
    throw badQuery("Search error occurred: Invalid or unsupported search.");
  const key = hashKey(join.on, position, scope);
  const on = compileCondition(join.on, scope);

  const byKey = new Map<string, Entry[]>();
  for (const entry of table.rows) {
    const alone: (Entry | null)[] = [];
    alone[position] = entry;
    const value = key.inner.get(alone);
    if (value === null) continue;
    const list = byKey.get(String(value));
    if (list === undefined) byKey.set(String(value), [entry]);
    else list.push(entry);
  }

  const out: Tuple[] = [];
  for (const tuple of tuples) {
    const value = key.outer.get(tuple);
    let matched = false;
    for (const entry of value === null ? [] : (byKey.get(String(value)) ?? [])) {
      const joined = [...tuple, entry];
      if (on(joined) !== true) continue;
      matched = true;
      out.push(joined);
    }
    if (!matched && join.outer) out.push([...tuple, null]);
  }
  return out;
}

function hashKey(on: Expr, position: number, scope: Scope): { inner: Compiled; outer: Compiled } {
  const found = equality(on, position, scope);
  if (found === null)
    throw badQuery("Search error occurred: a join must compare a column of each table for equality.");
  return found;
}

function equality(on: Expr, position: number, scope: Scope): { inner: Compiled; outer: Compiled } | null {
  if (on.is !== "binary") return null;
  if (on.op === "AND") return equality(on.left, position, scope) ?? equality(on.right, position, scope);
  if (on.op !== "=" || on.left.is !== "column" || on.right.is !== "column") return null;
  const [left, right] = [on.left, on.right].map((c) => ({ c, at: scope.column(c.table, c.name).position }));
  if (left === undefined || right === undefined) return null;
  const inner = left.at === position ? left : right;
  const outer = inner === left ? right : left;
  if (inner.at !== position || outer.at >= position) return null;
  const [a, b] = [compileValue(inner.c, scope), compileValue(outer.c, scope)];
  // Keys are hashed by their text, which only agrees with equality within one kind.
  return a.kind === b.kind ? { inner: a, outer: b } : null;
}
