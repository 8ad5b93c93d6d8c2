/** The SuiteQL functions this account knows; any other name is refused. */
import { abs } from "#core/decimal";
import { asText, type Compiled, constant, converted, type Tuple } from "./suiteql-expression.ts";
import { badQuery } from "./suiteql-syntax.ts";
import type { Kind, Value } from "./suiteql-value.ts";
import { ACCOUNT_DATE_FORMAT, formatWall, parseWall } from "./zone.ts";

const DAY_MS = 86_400_000;

type Build = (args: readonly Compiled[]) => Compiled;

/** `name` in upper case. Throws the vendor's refusal for an unknown name or arguments that make no sense. */
export function callFunction(name: string, args: readonly Compiled[]): Compiled {
  const [fewest, most, build] = FUNCTIONS[name] ?? fail(`Unknown function: ${name}.`);
  if (args.length < fewest || args.length > most) fail(`Invalid number of arguments: ${name}.`);
  const call = build(args);
  return call.fixed ? constant(call.kind, call.get([])) : call;
}

const FUNCTIONS: Readonly<Record<string, readonly [fewest: number, most: number, build: Build]>> = {
  TO_DATE: [1, 2, toTime],
  TO_TIMESTAMP: [1, 2, toTime],
  TO_CHAR: [1, 2, toChar],
  TO_NUMBER: [1, 1, ([value]) => converted(need(value), "number")],
  TRUNC: [
    1,
    1,
    ([value]) =>
      need(value).kind === "time"
        ? over("time", need(value), (v) => Math.floor(Number(v) / DAY_MS) * DAY_MS)
        : fail("TRUNC takes a date."),
  ],
  ABS: [1, 1, ([value]) => over("number", converted(need(value), "number"), (v) => abs(String(v)))],
  UPPER: [1, 1, ([value]) => overText(need(value), (s) => s.toUpperCase())],
  LOWER: [1, 1, ([value]) => overText(need(value), (s) => s.toLowerCase())],
  TRIM: [1, 1, ([value]) => overText(need(value), (s) => s.trim())],
  NVL: [2, 2, firstNotNull],
  COALESCE: [1, 20, firstNotNull],
  "BUILTIN.DF": [
    1,
    1,
    ([value]) => ({
      kind: "text",
      fixed: false,
      get: need(value).display ?? fail("BUILTIN.DF takes a column."),
    }),
  ],
};

function toTime(args: readonly Compiled[]): Compiled {
  const value = need(args[0]);
  if (value.kind === "time") return value;
  const format = formatArgument(args[1]) ?? ACCOUNT_DATE_FORMAT;
  return over(
    "time",
    value,
    (v) => parseWall(String(v), format) ?? fail(`Invalid date: ${String(v)} is not ${format}.`),
  );
}

function toChar(args: readonly Compiled[]): Compiled {
  const value = need(args[0]);
  const format = formatArgument(args[1]);
  if (value.kind !== "time") {
    if (format !== null) fail("TO_CHAR of a number takes no format here.");
    return overText(value, (s) => s);
  }
  if (format === null) return overText(value, (s) => s);
  return over("text", value, (v) => formatWall(Number(v), format) ?? fail(`Invalid date format: ${format}.`));
}

function formatArgument(format: Compiled | undefined): string | null {
  if (format === undefined) return null;
  const text = format.fixed ? format.get([]) : null;
  return typeof text === "string" ? text : fail("A date format must be a fixed text.");
}

function firstNotNull(args: readonly Compiled[]): Compiled {
  const { kind } = need(args[0]);
  const same = args.map((a) => converted(a, kind));
  const get = (t: Tuple): Value => {
    for (const a of same) {
      const value = a.get(t);
      if (value !== null) return value;
    }
    return null;
  };
  return { kind, fixed: same.every((a) => a.fixed), get };
}

function over(kind: Kind, value: Compiled, map: (v: string | number) => Value): Compiled {
  const get = (t: Tuple) => {
    const v = value.get(t);
    return v === null ? null : map(v);
  };
  return { kind, fixed: value.fixed, get };
}

function overText(value: Compiled, map: (s: string) => string): Compiled {
  return over("text", value, (v) => map(asText(value.kind, v) ?? "") || null);
}

function need(value: Compiled | undefined): Compiled {
  return value ?? fail("Invalid number of arguments.");
}

function fail(why: string): never {
  throw badQuery(`Search error occurred: ${why}`);
}
