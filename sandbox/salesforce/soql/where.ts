/**
 * A WHERE clause as a tree. The parser hands over a chain of conditions with counted parentheses; this gives them their
 * structure, and refuses AND beside OR without parentheses, as the vendor does.
 */
import type { Condition, ValueQueryCondition, WhereClause } from "@jetstreamapp/soql-parser-js";
import { badRequest } from "../vendor-error.ts";

export type Test = Exclude<Condition | ValueQueryCondition, { openParen: number; field?: never; fn?: never }>;

export type Tree =
  | { kind: "and" | "or"; parts: Tree[] }
  | { kind: "not"; part: Tree }
  | { kind: "test"; test: Test };

type Token = "(" | ")" | "NOT" | "AND" | "OR" | Test;

export function whereTree(where: WhereClause): Tree {
  const tokens: Token[] = [];
  tokenize(where, tokens);
  let at = 0;

  function expression(): Tree {
    const parts = [term()];
    let joiner: "AND" | "OR" | null = null;
    for (let token = tokens[at]; token === "AND" || token === "OR"; token = tokens[at]) {
      if (joiner !== null && token !== joiner)
        throw badRequest("MALFORMED_QUERY", `unexpected token: ${token}`);
      joiner = token;
      at += 1;
      parts.push(term());
    }
    if (joiner === null) return parts[0] as Tree;
    return { kind: joiner === "AND" ? "and" : "or", parts };
  }
  function term(): Tree {
    const token = tokens[at++];
    if (token === "NOT") return { kind: "not", part: term() };
    if (token === "(") {
      const inner = expression();
      if (tokens[at++] !== ")")
        throw badRequest("MALFORMED_QUERY", "expecting a right parentheses, found '<EOF>'");
      return inner;
    }
    if (token === undefined || typeof token === "string") {
      throw badRequest("MALFORMED_QUERY", `unexpected token: ${token ?? "<EOF>"}`);
    }
    return { kind: "test", test: token };
  }

  const tree = expression();
  if (at < tokens.length) throw badRequest("MALFORMED_QUERY", "unexpected token: )");
  return tree;
}

function tokenize(first: WhereClause, tokens: Token[]): void {
  let clause: WhereClause | undefined = first;
  while (clause !== undefined) {
    const left: WhereClause["left"] = clause.left;
    for (let i = 0; i < (left?.openParen ?? 0); i++) tokens.push("(");
    if (left !== null && isTest(left)) {
      tokens.push(left);
      for (let i = 0; i < (left.closeParen ?? 0); i++) tokens.push(")");
    }
    if (!("operator" in clause)) return;
    tokens.push(clause.operator);
    clause = clause.right;
  }
}

function isTest(left: NonNullable<WhereClause["left"]>): left is Test & { closeParen?: number } {
  return "operator" in left;
}
