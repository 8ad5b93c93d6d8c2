/**
 * Compiles SuiteQL expressions into functions over a joined row, with Oracle's manners: empty text is null, comparisons
 * with null are neither true nor false, text meets numbers and dates by implicit conversion or not at all.
 */
import { add, compare, divide, multiply, parseDecimal, subtract } from "#core/decimal";
import type { Entry } from "./account.ts";
import { callFunction } from "./suiteql-functions.ts";
import { badQuery, type Expr } from "./suiteql-syntax.ts";
import type { Column } from "./suiteql-tables.ts";
import type { Kind, Value } from "./suiteql-value.ts";
import { ACCOUNT_DATE_FORMAT, accountDate, parseWall, type WallTime } from "./zone.ts";

/** One row per table of the FROM clause; null where an outer join found nothing. */
export type Tuple = readonly (Entry | null)[];

export interface Compiled {
  kind: Kind;
  /** The value is the same for every row. */
  fixed: boolean;
  get(tuple: Tuple): Value;
  display?: (tuple: Tuple) => string | null;
}

export type Condition = (tuple: Tuple) => boolean | null;

export interface Scope {
  /** Finds a column; throws the vendor's refusal when there is none or more than one. */
  column(table: string | null, name: string): { position: number; column: Column };
  params: readonly Value[];
  /** SYSDATE: now, on the account's wall clock. */
  now: WallTime;
  /** How aggregates are computed, where they are allowed. */
  aggregate: ((call: Expr & { is: "call" }) => Compiled | null) | null;
}

export const AGGREGATES = new Set(["COUNT", "SUM", "MIN", "MAX", "AVG"]);

export const constant = (kind: Kind, value: Value): Compiled => ({ kind, fixed: true, get: () => value });

export function compileValue(expr: Expr, scope: Scope): Compiled {
  switch (expr.is) {
    case "text":
      return constant("text", expr.value === "" ? null : expr.value);
    case "number":
      return constant("number", parseDecimal(expr.value) ?? fail(`Invalid number: ${expr.value}.`));
    case "null":
      return constant("text", null);
    case "param":
      return constant("text", scope.params[expr.index - 1] ?? null);
    case "column":
      return compileColumn(expr, scope);
    case "call": {
      if (AGGREGATES.has(expr.name)) {
        return scope.aggregate?.(expr) ?? fail(`${expr.name} is not allowed here.`);
      }
      return callFunction(
        expr.name,
        expr.args.map((a) => compileValue(a, scope)),
      );
    }
    case "binary":
      return compileArithmetic(expr, scope);
    case "case": {
      const branches = expr.branches.map((b) => ({
        when: compileCondition(b.when, scope),
        value: compileValue(b.value, scope),
      }));
      const otherwise = compileValue(expr.otherwise, scope);
      const kind = branches[0]?.value.kind ?? otherwise.kind;
      return {
        kind,
        fixed: false,
        get: (t) => (branches.find((b) => b.when(t) === true)?.value ?? otherwise).get(t),
      };
    }
    default:
      return fail("A condition stands where a value is expected.");
  }
}

function compileColumn(expr: Expr & { is: "column" }, scope: Scope): Compiled {
  if (expr.table === null && expr.name === "sysdate") return constant("time", scope.now);
  const { position, column } = scope.column(expr.table, expr.name);
  const at =
    <T>(read: (e: Entry) => T) =>
    (t: Tuple) => {
      const entry = t[position] ?? null;
      return entry === null ? null : read(entry);
    };
  return { kind: column.kind, fixed: false, get: at(column.get), display: at(column.display) };
}

const ARITHMETIC: Readonly<Record<string, (a: string, b: string) => string>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": (a, b) => (compare(b, "0") === 0 ? fail("Division by zero.") : divide(a, b)),
};

const DAY_MS = 86_400_000;

function compileArithmetic(expr: Expr & { is: "binary" }, scope: Scope): Compiled {
  const [left, right] = [compileValue(expr.left, scope), compileValue(expr.right, scope)];
  const fixed = left.fixed && right.fixed;
  if (expr.op === "||") {
    const get = (t: Tuple) =>
      `${asText(left.kind, left.get(t)) ?? ""}${asText(right.kind, right.get(t)) ?? ""}` || null;
    return { kind: "text", fixed, get };
  }
  const compute = ARITHMETIC[expr.op] ?? fail("A condition stands where a value is expected.");
  if (left.kind === "time" && (expr.op === "+" || expr.op === "-")) {
    const days = converted(right, "number");
    const sign = expr.op === "+" ? 1 : -1;
    const get = (t: Tuple) => {
      const [a, b] = [left.get(t), days.get(t)];
      return a === null || b === null ? null : Number(a) + sign * Math.round(Number(b) * DAY_MS);
    };
    return { kind: "time", fixed, get };
  }
  const [a, b] = [converted(left, "number"), converted(right, "number")];
  const get = (t: Tuple) => {
    const [x, y] = [a.get(t), b.get(t)];
    return x === null || y === null ? null : compute(String(x), String(y));
  };
  return { kind: "number", fixed, get };
}

export function compileCondition(expr: Expr, scope: Scope): Condition {
  switch (expr.is) {
    case "binary": {
      if (expr.op === "AND" || expr.op === "OR") {
        const [a, b] = [compileCondition(expr.left, scope), compileCondition(expr.right, scope)];
        // The value that settles the matter whatever the other side says.
        const decisive = expr.op === "OR";
        return (t) => {
          const x = a(t);
          if (x === decisive) return decisive;
          const y = b(t);
          if (y === decisive) return decisive;
          return x === null || y === null ? null : !decisive;
        };
      }
      return compileComparison(expr.op, compileValue(expr.left, scope), compileValue(expr.right, scope));
    }
    case "not": {
      const of = compileCondition(expr.of, scope);
      return (t) => negated(of(t));
    }
    case "null-test": {
      const of = compileValue(expr.of, scope);
      return (t) => (of.get(t) === null) !== expr.negated;
    }
    case "in":
      return compileIn(expr, scope);
    case "like": {
      const [left, pattern] = [compileValue(expr.left, scope), compileValue(expr.pattern, scope)];
      if (!pattern.fixed) fail("LIKE takes a fixed pattern.");
      const wanted = pattern.get([]);
      if (wanted === null) return () => null;
      const source = String(wanted).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      const test = new RegExp(`^${source.replaceAll("%", "[\\s\\S]*").replaceAll("_", "[\\s\\S]")}$`);
      return (t) => {
        const text = asText(left.kind, left.get(t));
        return text === null ? null : test.test(text) !== expr.negated;
      };
    }
    default:
      return fail("A value stands where a condition is expected.");
  }
}

const negated = (value: boolean | null): boolean | null => (value === null ? null : !value);

function compileIn(expr: Expr & { is: "in" }, scope: Scope): Condition {
  const left = compileValue(expr.left, scope);
  const tests = expr.list.map((item) => compileComparison("=", left, compileValue(item, scope)));
  return (t) => {
    let found: boolean | null = false;
    for (const test of tests) {
      const hit = test(t);
      if (hit === true) return !expr.negated;
      if (hit === null) found = null;
    }
    return found === null ? null : expr.negated;
  };
}

const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  "=": (o) => o === 0,
  "!=": (o) => o !== 0,
  "<": (o) => o < 0,
  "<=": (o) => o <= 0,
  ">": (o) => o > 0,
  ">=": (o) => o >= 0,
};

function compileComparison(op: string, left: Compiled, right: Compiled): Condition {
  const holds = HOLDS[op] ?? fail("A value stands where a condition is expected.");
  const kind = commonKind(left, right);
  const [a, b] = [converted(left, kind), converted(right, kind)];
  const order = orderOf(kind);
  if (b.fixed) {
    const y = b.get([]);
    if (y === null) return () => null;
    if (op === "=" && kind !== "number") {
      return (t) => {
        const x = a.get(t);
        return x === null ? null : x === y;
      };
    }
    return (t) => {
      const x = a.get(t);
      return x === null ? null : holds(order(x, y));
    };
  }
  return (t) => {
    const [x, y] = [a.get(t), b.get(t)];
    return x === null || y === null ? null : holds(order(x, y));
  };
}

/** How two values of a kind are ordered: negative, zero or positive. */
export function orderOf(kind: Kind): (a: string | number, b: string | number) => number {
  if (kind === "number") return (a, b) => compare(String(a), String(b));
  return (a, b) => (a < b ? -1 : a > b ? 1 : 0);
}

function commonKind(a: Compiled, b: Compiled): Kind {
  if (a.kind === "time" || b.kind === "time") return "time";
  const wholeNumber = (c: Compiled) => c.kind === "id" || (c.fixed && /^-?\d{1,15}$/.test(String(c.get([]))));
  if (a.kind === "id" || b.kind === "id") return wholeNumber(a) && wholeNumber(b) ? "id" : "number";
  return a.kind === "number" || b.kind === "number" ? "number" : "text";
}

/** The value as another kind, by Oracle's implicit conversion. A fixed value that cannot be converted is an error at once. */
export function converted(value: Compiled, kind: Kind): Compiled {
  if (value.kind === kind) return value;
  const convert = converterTo(kind, value.kind);
  if (!value.fixed) return { kind, fixed: false, get: (t) => mapValue(value.get(t), convert) };
  const before = value.get([]);
  const after = mapValue(before, convert);
  if (before !== null && after === null) {
    fail(kind === "time" ? `Invalid date: ${String(before)}.` : `Invalid number: ${String(before)}.`);
  }
  return constant(kind, after);
}

const mapValue = (value: Value, convert: (v: string | number) => Value): Value =>
  value === null ? null : convert(value);

function converterTo(kind: Kind, from: Kind): (v: string | number) => Value {
  if (kind === "text") return (v) => asText(from, v);
  if (kind === "time") {
    if (from !== "text") return () => fail("Inconsistent data types: expected a date.");
    return (v) => parseWall(String(v), ACCOUNT_DATE_FORMAT);
  }
  if (from === "time") return () => fail("Inconsistent data types: expected a number.");
  return (v) => {
    const decimal = parseDecimal(String(v));
    return decimal === null ? null : kind === "id" ? Number(decimal) : decimal;
  };
}

/** A value as SuiteQL sends it: everything is text, a time is its day in the account's format. */
export function asText(kind: Kind, value: Value): string | null {
  if (value === null) return null;
  return kind === "time" ? accountDate(Number(value)) : String(value);
}

function fail(why: string): never {
  throw badQuery(`Search error occurred: ${why}`);
}
