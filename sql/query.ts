/**
 * Binds a `.sql` file to the types of its parameters and rows. A query is checked twice: when it is defined, its placeholders must
 * be the parameters it declares; when it runs, parameters and rows go through zod. A test DESCRIBEs each one on a migrated store.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InvariantError } from "#core/errors";
import { parameterValue } from "./columns.ts";
import { rowEncoder } from "./encode.ts";
import { sqlDir } from "./root.ts";
import { oneStatement, placeholders } from "./statement.ts";

export {
  chBool,
  chCount,
  chDate,
  chDecimal,
  chEnum,
  chFloat,
  chInstant,
  chInt,
  chString,
  chUInt64,
} from "./columns.ts";

export interface Query<P = unknown, R = unknown> {
  /** `exceptions.list` lies in `sql/queries/exceptions.list.sql`. */
  readonly name: string;
  readonly sql: string;
  readonly row: z.ZodObject;
  /** ClickHouse type of each parameter, by name. */
  readonly types: ReadonlyMap<string, string>;
  /** Checked parameters as the client takes them. Throws InvariantError when they are not what was declared. */
  bind(params: P): Record<string, unknown>;
  /** One row as it came, checked. Throws InvariantError. */
  read(row: unknown): R;
}

export interface Table<R = unknown> {
  readonly name: string;
  readonly row: z.ZodObject;
  /** A row to insert, checked, with moments as the store writes them. Throws InvariantError. */
  write(row: R): Record<string, unknown>;
}

const queries = new Map<string, Query>();
const tables = new Map<string, Table>();

/**
 * A query in `sql/queries/<name>.sql`. Rows are keyed by column name; see columns.ts for how each ClickHouse type is read.
 * Throws InvariantError when the file is missing or its placeholders are not the parameters.
 */
export function defineQuery<P extends z.ZodObject, R extends z.ZodObject>(q: {
  name: string;
  params: P;
  row: R;
}): Query<z.infer<P>, z.infer<R>> {
  const file = join(sqlDir(), "queries", `${q.name}.sql`);
  let sql: string;
  try {
    sql = readFileSync(file, "utf8");
  } catch (cause) {
    throw new InvariantError("query.missing", `There is no ${file}`, { cause });
  }
  const query = compiledQuery({ ...q, sql });
  queries.set(q.name, query);
  return query;
}

/** A query whose text was compiled rather than written: for reconcile/compile.ts alone. Not registered. */
export function compiledQuery<P extends z.ZodObject, R extends z.ZodObject>(q: {
  name: string;
  sql: string;
  params: P;
  row: R;
}): Query<z.infer<P>, z.infer<R>> {
  const types = placeholders(q.sql);
  checkNames(q.name, types, Object.keys(q.params.shape));
  const one = oneStatement(q.sql);
  if (!one.ok)
    throw new InvariantError("query.one-statement", `${q.name}: the SQL has ${one.reason} statements`);
  return {
    name: q.name,
    sql: one.sql,
    row: q.row,
    types,
    bind(params) {
      const checked = q.params.safeParse(params);
      if (!checked.success) throw mismatch("query.parameters", q.name, checked.error);
      return bindParameters(types, checked.data);
    },
    read(row) {
      const checked = q.row.safeParse(row);
      if (checked.success) return checked.data;
      throw mismatch("query.row", q.name, checked.error);
    },
  };
}

/**
 * Values as the client takes them: moments in the store's own text, flags as numbers where a number is asked for.
 */
export function bindParameters(
  types: ReadonlyMap<string, string>,
  params: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, parameterValue(types.get(key) ?? "", value)]),
  );
}

function checkNames(name: string, types: ReadonlyMap<string, string>, declared: readonly string[]): void {
  const missing = [...types.keys()].filter((p) => !declared.includes(p));
  const unused = declared.filter((p) => !types.has(p));
  if (missing.length === 0 && unused.length === 0) return;
  throw new InvariantError(
    "query.placeholders",
    `${name}: the SQL asks for [${missing.join(", ")}] that the parameters lack, and the parameters have [${unused.join(", ")}] that the SQL lacks`,
  );
}

/**
 * A table rows are inserted into. The row names the columns it writes; a column with a default may be left out. Keys it does not
 * name are refused, so that no value is lost in silence.
 */
export function defineTable<R extends z.ZodObject>(t: { name: string; row: R }): Table<z.infer<R>> {
  const strict = t.row.strict();
  const encode = rowEncoder(t.row);
  const table: Table<z.infer<R>> = {
    name: t.name,
    row: t.row,
    write(row) {
      const plain = encode(row as Record<string, unknown>);
      if (plain) return plain;
      const checked = z.safeEncode(strict, row as never);
      if (checked.success) return checked.data as Record<string, unknown>;
      throw mismatch("table.row", t.name, checked.error);
    },
  };
  tables.set(t.name, table);
  return table;
}

/** Every query defined so far in this process. */
export function registeredQueries(): readonly Query[] {
  return [...queries.values()];
}

/** Every table defined so far in this process. */
export function registeredTables(): readonly Table[] {
  return [...tables.values()];
}

function mismatch(code: string, name: string, error: z.ZodError): InvariantError {
  const issues = error.issues.map((i) => `${i.path.join(".") || "(row)"}: ${i.message}`);
  return new InvariantError(code, `${name}: ${issues.join("; ")}`, {
    userMessage: `Plumbline and its database disagree about the shape of "${name}". This is a fault in Plumbline, not in your data; please report it with the log.`,
    context: { name, issues },
  });
}
