/** Compares what a query or table says its rows are with what the engine says they are. */
import { z } from "zod";
import { columnMismatch } from "#sql/columns";
import { compiledQuery, type Query, type Table } from "#sql/query";
import type { Store } from "#sql/store";

export interface Column {
  name: string;
  type: string;
}

const column = z.object({ name: z.string(), type: z.string() });

/** The columns of a query's result, without running it. Parameters are given values of their types that mean nothing. */
export async function describeQuery(store: Store, q: Query): Promise<Column[]> {
  const described = compiledQuery({
    name: `describe ${q.name}`,
    sql: `DESCRIBE (\n${q.sql}\n)`,
    params: z.object(Object.fromEntries([...q.types.keys()].map((name) => [name, z.unknown()]))),
    row: column,
  });
  const params = Object.fromEntries([...q.types].map(([name, type]) => [name, sampleOf(type)]));
  return store.query(described, params);
}

/** A table's columns that are stored or have a default: what an INSERT may name. */
export async function describeTable(
  store: Store,
  table: string,
): Promise<(Column & { hasDefault: boolean })[]> {
  const described = compiledQuery({
    name: "describe table",
    sql: `SELECT name, type, default_kind FROM system.columns
          WHERE database = currentDatabase() AND table = {table:String} AND default_kind NOT IN ('MATERIALIZED', 'ALIAS')
          ORDER BY position`,
    params: z.object({ table: z.string() }),
    row: column.extend({ default_kind: z.string() }),
  });
  const rows = await store.query(described, { table });
  return rows.map(({ name, type, default_kind }) => ({ name, type, hasDefault: default_kind !== "" }));
}

/** Everything in which the rows a query declares differ from the rows it has, in words. */
export function queryDifferences(q: Query, columns: readonly Column[]): string[] {
  return differences(q.row, columns, () => true);
}

/** The same for a table. A column the row leaves out must have a default. */
export function tableDifferences(
  table: Table,
  columns: readonly (Column & { hasDefault: boolean })[],
): string[] {
  const optional = new Set(columns.filter((c) => c.hasDefault).map((c) => c.name));
  return differences(table.row, columns, (name) => !optional.has(name));
}

function differences(
  row: z.ZodObject,
  columns: readonly Column[],
  required: (name: string) => boolean,
): string[] {
  const found = new Map(columns.map((c) => [c.name, c.type]));
  const declared = Object.keys(row.shape);
  return [
    ...declared
      .filter((name) => !found.has(name))
      .map((name) => `${name}: declared, but there is no such column`),
    ...columns
      .filter(({ name }) => !declared.includes(name) && required(name))
      .map(({ name }) => `${name}: a column the row does not declare`),
    ...declared.flatMap((name) => {
      const type = found.get(name);
      const why = type === undefined ? null : columnMismatch(row.shape[name] as z.ZodType, type);
      return why === null ? [] : [`${name}: ${why}`];
    }),
  ];
}

/** Some value of a ClickHouse type, as a parameter. */
export function sampleOf(type: string): unknown {
  const inner = (wrapper: string) => new RegExp(`^${wrapper}\\((.*)\\)$`).exec(type)?.[1];
  const wrapped = inner("LowCardinality") ?? inner("Nullable");
  if (wrapped !== undefined) return sampleOf(wrapped);
  const element = inner("Array");
  if (element !== undefined) return [sampleOf(element)];
  if (type.startsWith("Map")) return {};
  if (/^(U?Int|Float|Decimal)/.test(type)) return 1;
  if (type === "Bool") return true;
  if (type.startsWith("DateTime")) return "2026-01-01 00:00:00";
  if (type.startsWith("Date")) return "2026-01-01";
  if (type === "UUID") return "00000000-0000-0000-0000-000000000000";
  return /^Enum\d+\('((?:[^'\\]|\\.)*)'/.exec(type)?.[1] ?? (type === "Identifier" ? "system.one" : "x");
}
