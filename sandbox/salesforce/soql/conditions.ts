/** Conditions of a query as functions of a row, with the vendor's ideas of equality: text without case, null equal to null. */
import { compare, parseDecimal } from "#core/decimal";
import type { Row } from "#sandbox/vendor-store";
import { normalId } from "../ids.ts";
import type { FieldSpec } from "../metadata.ts";
import { isDate, NUMBER_TYPES } from "../stored-values.ts";
import { badRequest, type VendorError } from "../vendor-error.ts";
import { literalDays } from "./date-literals.ts";
import { type FieldPath, fieldPath, invalidField, type QueryScope, storedAt } from "./fields.ts";
import type { Test, Tree } from "./where.ts";

export type Predicate = (row: Row) => boolean;

/** What a literal stands for: a single stored value, or a range of them for TODAY and its like. */
export interface Span {
  from: unknown;
  to: unknown;
}

export interface Comparison {
  path: FieldPath;
  operator: string;
  spans: readonly Span[];
}

/** Runs `SELECT x FROM Y …` inside an IN and gives the values of x. */
export type Subquery = (
  query: NonNullable<Extract<Test, { valueQuery: unknown }>["valueQuery"]>,
) => readonly unknown[];

/** A condition with its field found and its literals read. Throws INVALID_FIELD when they do not fit each other. */
export function comparison(scope: QueryScope, test: Test, subquery: Subquery): Comparison {
  if (!("field" in test) || test.field === undefined) {
    throw badRequest(
      "MALFORMED_QUERY",
      `unexpected token: ${"fn" in test ? (test.fn.rawValue ?? "(") : "("}`,
    );
  }
  const path = fieldPath(scope, test.field);
  if (path.field.filterable === false || path.field.type === "textarea") {
    throw invalidField(scope, test.field, `field '${path.field.name}' can not be filtered in a query call`);
  }
  const operator = test.operator.toUpperCase();
  if ("valueQuery" in test) {
    return { path, operator, spans: subquery(test.valueQuery).map((v) => ({ from: v, to: v })) };
  }
  const values = Array.isArray(test.value) ? test.value : [test.value];
  const types = Array.isArray(test.literalType)
    ? test.literalType
    : values.map(() => test.literalType ?? "STRING");
  const now = scope.org.clock.now();
  return {
    path,
    operator,
    spans: values.map((v, i) => span(scope, path.field, v, String(types[i] ?? types[0]), now)),
  };
}

export function predicate(scope: QueryScope, tree: Tree, subquery: Subquery): Predicate {
  if (tree.kind === "not") {
    const inner = predicate(scope, tree.part, subquery);
    return (row) => !inner(row);
  }
  if (tree.kind === "test") return holds(scope, comparison(scope, tree.test, subquery));
  const parts = tree.parts.map((p) => predicate(scope, p, subquery));
  return tree.kind === "and" ? (row) => parts.every((p) => p(row)) : (row) => parts.some((p) => p(row));
}

function holds(scope: QueryScope, { path, operator, spans }: Comparison): Predicate {
  const { field } = path;
  const read: (row: Row) => unknown =
    path.steps.length === 0 && field.formula === undefined
      ? (row) => row[field.name] ?? null
      : (row) => storedAt(scope.org, path, row);
  const [first] = spans;
  const equals = (value: unknown, s: Span) =>
    s.from === null || value === null
      ? s.from === value
      : order(field, value, s.from) >= 0 && order(field, value, s.to) <= 0;
  const known =
    (of: (value: unknown, s: Span) => boolean): Predicate =>
    (row) => {
      const value = read(row);
      return value !== null && first !== undefined && first.from !== null && of(value, first);
    };
  switch (operator) {
    case "=":
      return (row) => first !== undefined && equals(read(row), first);
    case "!=":
    case "<>":
      return (row) => first !== undefined && !equals(read(row), first);
    case "IN":
      return oneOf(field, spans, read, equals);
    case "NOT IN": {
      const within = oneOf(field, spans, read, equals);
      return (row) => !within(row);
    }
    case "<":
      return known((value, s) => order(field, value, s.from) < 0);
    case "<=":
      return known((value, s) => order(field, value, s.to) <= 0);
    case ">":
      return known((value, s) => order(field, value, s.to) > 0);
    case ">=":
      return known((value, s) => order(field, value, s.from) >= 0);
    case "LIKE": {
      const pattern = likePattern(String(first?.from ?? ""));
      return known((value) => pattern.test(String(value)));
    }
    default:
      throw badRequest("MALFORMED_QUERY", `unexpected token: ${operator}`);
  }
}

/** Long lists of ids are the common case, and a set answers them at once. */
function oneOf(
  field: FieldSpec,
  spans: readonly Span[],
  read: (row: Row) => unknown,
  equals: (value: unknown, s: Span) => boolean,
): Predicate {
  if (!isId(field)) return (row) => spans.some((s) => equals(read(row), s));
  const ids = new Set(spans.map((s) => s.from));
  return (row) => ids.has(read(row));
}

const isId = (field: FieldSpec) => field.type === "id" || field.type === "reference";

/** Order of two stored values of a field, neither of them null. */
export function order(field: FieldSpec, a: unknown, b: unknown): number {
  if (NUMBER_TYPES.has(field.type)) return compare(String(a), String(b));
  if (field.type === "datetime" || field.type === "boolean") return Number(a) - Number(b);
  if (isId(field) || field.type === "date") return String(a) < String(b) ? -1 : a === b ? 0 : 1;
  const [x, y] = [String(a).toLowerCase(), String(b).toLowerCase()];
  return x < y ? -1 : x === y ? 0 : 1;
}

function span(scope: QueryScope, field: FieldSpec, raw: string, literal: string, now: number): Span {
  const one = (value: unknown): Span => ({ from: value, to: value });
  if (literal === "NULL") return one(null);
  const mismatch = (): VendorError => typeMismatch(scope, field);
  if (literal === "APEX_BIND_VARIABLE") throw badRequest("MALFORMED_QUERY", `unexpected token: ':${raw}'`);
  switch (field.type) {
    case "boolean":
      if (literal !== "BOOLEAN") throw mismatch();
      return one(raw.toUpperCase() === "TRUE");
    case "date":
      if (literal.startsWith("DATE_")) {
        const days = literalDays(raw, now);
        return { from: days.first, to: days.last };
      }
      if (literal !== "DATE" || !isDate(raw)) throw mismatch();
      return one(raw);
    case "datetime": {
      if (literal.startsWith("DATE_")) {
        const days = literalDays(raw, now);
        return { from: Date.parse(`${days.first}T00:00:00Z`), to: Date.parse(`${days.last}T23:59:59.999Z`) };
      }
      const at = literal === "DATETIME" ? Date.parse(raw) : Number.NaN;
      if (Number.isNaN(at)) throw mismatch();
      // Stamps hold whole seconds, and so do the literals they are compared with.
      return one(Math.floor(at / 1000) * 1000);
    }
    case "currency":
    case "double":
    case "percent":
    case "int": {
      const number = literal === "INTEGER" || literal === "DECIMAL" ? parseDecimal(raw) : null;
      if (number === null) throw mismatch();
      return one(number);
    }
    default: {
      if (literal !== "STRING") throw mismatch();
      const text = unquoted(raw);
      if (!isId(field)) return one(text);
      const id = normalId(text);
      if (id === null && text !== "")
        throw badRequest("INVALID_QUERY_FILTER_OPERATOR", `invalid ID field: ${text}`);
      return one(id);
    }
  }
}

function typeMismatch(scope: QueryScope, field: FieldSpec): VendorError {
  const quotes = ["string", "picklist", "id", "reference", "textarea"].includes(field.type)
    ? "should be enclosed in quotes"
    : "should not be enclosed in quotes";
  const type = field.type === "datetime" ? "dateTime" : field.type;
  return invalidField(
    scope,
    field.name,
    `value of filter criterion for field '${field.name}' must be of type ${type} and ${quotes}`,
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

function unquoted(raw: string): string {
  // An escaped wildcard keeps its backslash: only LIKE gives it a meaning.
  return raw
    .slice(1, -1)
    .replace(/\\(.)/g, (all, c: string) => (c === "%" || c === "_" ? all : (ESCAPES[c] ?? c)));
}

function likePattern(text: string): RegExp {
  const source = text.replace(/\\([%_])|[%_]|[.*+?^${}()|[\]\\]/g, (found, escaped?: string) => {
    if (escaped !== undefined) return escaped;
    if (found === "%") return "[\\s\\S]*";
    return found === "_" ? "[\\s\\S]" : `\\${found}`;
  });
  return new RegExp(`^${source}$`, "i");
}
