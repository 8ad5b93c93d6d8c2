/** The kinds of value SuiteQL works with. */
import type { Row } from "../vendor-store.ts";

/** `id` is a whole number, `number` an exact decimal as text, `time` a wall time in milliseconds. */
export type Kind = "id" | "number" | "text" | "time";
export type Value = string | number | null;

/** Null for an empty value, otherwise what it becomes. */
export const mapped = (value: unknown, to: (value: unknown) => Value): Value =>
  value === null || value === undefined || value === "" ? null : to(value);

/** An internal id as a number; null when empty or no number. */
export const idOf = (value: unknown): Value =>
  mapped(value, (v) => (Number.isNaN(Number(v)) ? null : Number(v)));

/** The lines a row keeps; none when it has no sublist. */
export function linesOf(row: Row): readonly Row[] {
  return Array.isArray(row.lines) ? (row.lines as Row[]) : [];
}

/** Columns of tables that are put together; their rows already hold the values SuiteQL compares, times included. */
export type Plain = Readonly<Record<string, Kind | { refers: readonly string[] } | { displayedAs: string }>>;
