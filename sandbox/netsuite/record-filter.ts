/**
 * The `q` of a record collection: `member OPERATOR value` conditions joined by AND and OR, AND first. Dates are written as the
 * account writes them and compare by the day, which is why an incremental read should not use this.
 */
import { compare, parseDecimal } from "#core/decimal";
import type { Row } from "../vendor-store.ts";
import type { Account } from "./account.ts";
import type { Field, RecordType } from "./record-field.ts";
import { VendorRefusal } from "./vendor-error.ts";
import { ACCOUNT_DATE_FORMAT, parseWall, wallOfDate } from "./zone.ts";

type Test = (row: Row) => boolean;
const DAY_MS = 86_400_000;
const TOKEN = /\s*(?:"([^"]*)"|\[([^\]]*)\]|([^\s"[\]]+))/y;

/** Throws the vendor's refusal for what it cannot read. */
export function filterOf(account: Account, type: RecordType, q: string): Test {
  const tokens = tokensOf(q);
  const alternatives: Test[][] = [[]];
  for (let i = 0; i < tokens.length; ) {
    const name = tokens[i++]?.word;
    const operator = tokens[i++]?.word?.toUpperCase();
    if (name === undefined || operator === undefined) throw invalid(q);
    const isUnary = operator === "EMPTY" || operator === "EMPTY_NOT";
    const value = isUnary ? [] : (tokens[i++]?.values ?? []);
    alternatives.at(-1)?.push(condition(account, type, name, operator, value, q));
    const joiner = tokens[i++]?.word?.toUpperCase();
    if (joiner === undefined) break;
    if (joiner === "OR") alternatives.push([]);
    else if (joiner !== "AND") throw invalid(q);
    if (i >= tokens.length) throw invalid(q);
  }
  if (alternatives.some((tests) => tests.length === 0)) throw invalid(q);
  return (row) => alternatives.some((tests) => tests.every((test) => test(row)));
}

type Token = { word: string | undefined; values: readonly string[] };

function tokensOf(q: string): Token[] {
  const out: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < q.trimEnd().length) {
    const match = TOKEN.exec(q);
    if (match === null) throw invalid(q);
    const [, quoted, list, word] = match;
    const values =
      list === undefined
        ? [quoted ?? word ?? ""]
        : list.split(",").map((v) => v.trim().replace(/^"|"$/g, ""));
    out.push({ word, values });
  }
  return out;
}

function condition(
  account: Account,
  type: RecordType,
  name: string,
  operator: string,
  values: readonly string[],
  q: string,
): Test {
  const id: Field = { kind: { is: "ref", to: [type.name] } };
  const member =
    name.toLowerCase() === "id"
      ? "id"
      : Object.keys(type.fields).find((f) => f.toLowerCase() === name.toLowerCase());
  const field = member === "id" ? id : member === undefined ? undefined : type.fields[member];
  if (member === undefined || field === undefined) throw invalid(q);
  const [value = ""] = values;
  const read = (row: Row) => row[member] ?? null;

  if (operator === "EMPTY") return (row) => read(row) === null;
  if (operator === "EMPTY_NOT") return (row) => read(row) !== null;
  if (field.kind.is === "date" || field.kind.is === "instant") {
    const isDate = field.kind.is === "date";
    const dayOf = (v: unknown) =>
      isDate ? wallOfDate(String(v)) : Math.floor(account.zone.wallOf(Number(v)) / DAY_MS) * DAY_MS;
    const given = parseWall(value, ACCOUNT_DATE_FORMAT);
    const holds = given === null ? undefined : DAY_TESTS[operator];
    if (given === null || holds === undefined) throw invalid(q);
    return (row) => read(row) !== null && holds(dayOf(read(row)), given);
  }
  if (operator === "IS") return (row) => sameText(field, read(row), value);
  if (operator === "ANY_OF") return (row) => values.some((v) => sameText(field, read(row), v));
  if (operator === "START_WITH")
    return (row) =>
      String(read(row) ?? "")
        .toLowerCase()
        .startsWith(value.toLowerCase());
  if (operator === "CONTAIN")
    return (row) =>
      String(read(row) ?? "")
        .toLowerCase()
        .includes(value.toLowerCase());
  throw invalid(q);
}

const DAY_TESTS: Readonly<Record<string, (day: number, given: number) => boolean>> = {
  ON: (d, g) => d === g,
  AFTER: (d, g) => d > g,
  ON_OR_AFTER: (d, g) => d >= g,
  BEFORE: (d, g) => d < g,
  ON_OR_BEFORE: (d, g) => d <= g,
};

function sameText(field: Field, kept: unknown, given: string): boolean {
  if (field.kind.is === "bool") return (kept === true) === (given.toLowerCase() === "true");
  if (kept === null) return false;
  if (field.kind.is === "number") {
    const decimal = parseDecimal(given);
    return decimal !== null && compare(String(kept), decimal) === 0;
  }
  return String(kept) === given;
}

function invalid(q: string): VendorRefusal {
  return new VendorRefusal(400, "INVALID_PARAMETER", `Invalid search query: ${q}`, {
    "o:errorQueryParam": "q",
  });
}
