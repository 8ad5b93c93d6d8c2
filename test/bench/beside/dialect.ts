/**
 * The question of the bare statements (see time-lines.ts) put to another engine, over the same rows, made there by the same formulas:
 * newest versions of both sides, full join on the key, what differs with what each side says.
 */
import type { Lines } from "../time-lines.ts";

/** What differs between engines in the words of their SQL. */
export interface Dialect {
  /** A number of 64 bits made of a text. */
  hash(text: string): string;
  /** A subquery of a table's newest row per native id, in the form the engine is best at. */
  newest(table: string): string;
}

/** Another engine, in a place of its own that is gone once it is closed. */
export interface Beside {
  /** "DuckDB 1.5". */
  name: string;
  dialect: Dialect;
  run(sql: string): Promise<void>;
  /** Rows of texts. */
  ask(sql: string): Promise<string[][]>;
  close(): Promise<void>;
}

export const SIDE_COLUMNS = [
  "key",
  "row_hash",
  "hours",
  "project",
  "work_on",
  "is_approved",
  "is_deleted",
] as const;

/** One and a half versions of every line on each side, as `putTimeLines` makes them. */
export function rowsSql({ hash }: Dialect, { count, driftPerMillion }: Lines): string[] {
  const every = driftPerMillion === 0 ? 0 : Math.floor(1_000_000 / driftPerMillion);
  const drift = (which: number) => (every === 0 ? "1 = 0" : `n % ${every * 4} = ${which * every}`);
  const insert = (role: "psa" | "erp", version: number, lines: number, native: string, keep: string) => {
    const hours =
      version === 1 ? "7.5" : role === "erp" ? `CASE WHEN ${drift(2)} THEN 7.0 ELSE 8.0 END` : "8.0";
    return `INSERT INTO ${role}
SELECT
  '${native}' || n, ${version}, 'T' || n, hours, 'P-B' || n % 20, 'T-1', 'E-B' || n % 20, work_on, TRUE, FALSE, 'Approved', 'USD',
  ${hash("hours::text || '|' || (n % 20)::text || '|' || work_on::text")}
FROM
(
  SELECT n, CAST(${hours} AS decimal(9, 4)) AS hours, CAST(DATE '2026-01-05' + CAST(n % 110 AS integer) AS date) AS work_on
  FROM generate_series(0, ${lines - 1}) AS series(n)
  WHERE ${keep}
) AS line`;
  };
  const side = (role: "psa" | "erp", without: number) => [
    `CREATE TABLE ${role} (native_id text, version integer, key text, hours decimal(9, 4), project text, task text, person text, work_on date,
  is_approved boolean, is_deleted boolean, status text, currency text, row_hash bigint)`,
    insert(role, 1, Math.floor(count / 2), `${role}-`, `NOT (${drift(without)})`),
    insert(role, 2, count, `${role}-`, `NOT (${drift(without)})`),
  ];
  return [
    ...side("psa", 0),
    ...side("erp", 1),
    ...(every === 0 ? [] : [insert("erp", 2, count, "copy-", drift(3))]),
    "CREATE TABLE answer (key text, kind text, l_hours decimal(9, 4), r_hours decimal(9, 4), l_project text, r_project text, l_on date, r_on date)",
  ];
}

export function answerSql({ newest }: Dialect): string {
  return `INSERT INTO answer
SELECT
  coalesce(l.key, r.key),
  CASE WHEN r.key IS NULL THEN 'missing_right' WHEN l.key IS NULL THEN 'missing_left' ELSE 'mismatch' END,
  l.hours, r.hours, l.project, r.project, l.work_on, r.work_on
FROM (SELECT * FROM ${newest("psa")} AS p WHERE is_approved AND NOT is_deleted) AS l
FULL JOIN (SELECT * FROM ${newest("erp")} AS e WHERE is_approved AND NOT is_deleted) AS r ON l.key = r.key
WHERE l.row_hash IS DISTINCT FROM r.row_hash`;
}
