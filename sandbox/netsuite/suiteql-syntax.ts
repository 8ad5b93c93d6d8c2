/**
 * SuiteQL text to a small tree of the statements this account understands. The grammar is node-sql-parser's; what it
 * accepts beyond the subset below is refused here, by name, so that no clause is ever quietly ignored.
 */
import { createRequire } from "node:module";
import { VendorRefusal } from "./vendor-error.ts";

export type Expr =
  | { is: "column"; table: string | null; name: string }
  | { is: "text"; value: string }
  | { is: "number"; value: string }
  | { is: "null" }
  | { is: "param"; index: number }
  | { is: "star" }
  /** `name` is upper case; `BUILTIN.DF` keeps its prefix. */
  | { is: "call"; name: string; args: readonly Expr[]; distinct: boolean }
  | { is: "binary"; op: string; left: Expr; right: Expr }
  | { is: "in"; negated: boolean; left: Expr; list: readonly Expr[] }
  | { is: "like"; negated: boolean; left: Expr; pattern: Expr }
  | { is: "null-test"; negated: boolean; of: Expr }
  | { is: "not"; of: Expr }
  | { is: "case"; branches: readonly { when: Expr; value: Expr }[]; otherwise: Expr };

export interface Source {
  table: string;
  alias: string;
  /** How it joins what stands before it; null for the first table. */
  join: { outer: boolean; on: Expr } | null;
}

export interface Select {
  /** `expr` null: every column, of one table when `table` is given. */
  columns: readonly { expr: Expr | null; table: string | null; alias: string | null }[];
  distinct: boolean;
  from: readonly Source[];
  where: Expr | null;
  groupBy: readonly Expr[];
  orderBy: readonly { expr: Expr; descending: boolean; nulls: "first" | "last" | null }[];
  params: number;
}

type Node = Record<string, unknown>;

const { Parser } = createRequire(import.meta.url)(
  "node-sql-parser/build/postgresql.js",
) as typeof import("node-sql-parser");
const parser = new Parser();

/** The refusal a bad query gets. */
export function badQuery(why: string): VendorRefusal {
  return new VendorRefusal(
    400,
    "INVALID_PARAMETER",
    `Invalid search query. Detailed unprocessed description follows. ${why}`,
    { "o:errorQueryParam": "q" },
  );
}

/** Throws the vendor's refusal when the text is no SELECT of the supported subset. */
export function parseSuiteQl(sql: string): Select {
  const { text, params } = namedParams(sql);
  let ast: unknown;
  try {
    ast = parser.astify(text, { database: "postgresql" });
  } catch {
    throw badQuery("Search error occurred: Invalid or unsupported search.");
  }
  const list = Array.isArray(ast) ? (ast as unknown[]) : [ast];
  const [first] = list;
  if (list.length !== 1 || !isNode(first) || first.type !== "select")
    throw unsupported("Only one SELECT is allowed.");
  return selectOf(first, params);
}

function selectOf(ast: Node, params: number): Select {
  for (const clause of ["with", "having", "window", "_next", "set_op"]) {
    if (ast[clause] !== null && ast[clause] !== undefined)
      throw unsupported(`Unsupported clause: ${clause}.`);
  }
  const limit = ast.limit;
  if (isNode(limit) && nodes(limit.value).length > 0) throw unsupported("LIMIT is not supported.");
  const groupBy = isNode(ast.groupby) ? nodes(ast.groupby.columns) : [];
  return {
    distinct: isNode(ast.distinct) && ast.distinct.type !== null,
    columns: nodes(ast.columns).map(columnOf),
    from: nodes(ast.from).map(sourceOf),
    where: isNode(ast.where) ? exprOf(ast.where) : null,
    groupBy: groupBy.map(exprOf),
    orderBy: nodes(ast.orderby).map((o) => ({
      expr: exprOf(asNode(o.expr)),
      descending: o.type === "DESC",
      nulls: typeof o.nulls === "string" ? (/first/i.test(o.nulls) ? "first" : "last") : null,
    })),
    params,
  };
}

function columnOf(column: Node): Select["columns"][number] {
  const expr = asNode(column.expr);
  const alias = typeof column.as === "string" ? column.as.toLowerCase() : null;
  if (expr.type === "column_ref" && expr.column === "*") {
    return { expr: null, table: nameOf(expr.table)?.toLowerCase() ?? null, alias: null };
  }
  return { expr: exprOf(expr), table: null, alias };
}

function sourceOf(from: Node, position: number): Source {
  if (from.type === "dual") return { table: "dual", alias: "dual", join: null };
  if (typeof from.table !== "string") throw unsupported("A FROM clause takes tables only.");
  const table = from.table.toLowerCase();
  const alias = typeof from.as === "string" ? from.as.toLowerCase() : table;
  if (position === 0) return { table, alias, join: null };
  if (from.join !== "INNER JOIN" && from.join !== "LEFT JOIN") {
    throw unsupported(`Unsupported join: ${String(from.join ?? "a list of tables")}.`);
  }
  if (!isNode(from.on)) throw unsupported("A join needs an ON condition.");
  return { table, alias, join: { outer: from.join === "LEFT JOIN", on: exprOf(from.on) } };
}

function exprOf(node: Node): Expr {
  switch (node.type) {
    case "column_ref":
      return { is: "column", table: nameOf(node.table)?.toLowerCase() ?? null, name: columnName(node) };
    case "single_quote_string":
      return { is: "text", value: String(node.value) };
    case "number":
      return { is: "number", value: String(node.value) };
    case "null":
      return { is: "null" };
    case "param":
      return { is: "param", index: Number(String(node.value).slice(1)) };
    case "star":
      return { is: "star" };
    case "function":
      return callOf(node);
    case "aggr_func":
      return aggregateOf(node);
    case "case":
      return caseOf(node);
    case "unary_expr":
      return unaryOf(node);
    case "binary_expr":
      return binaryOf(node);
    default:
      throw unsupported(`Unsupported expression: ${String(node.type)}.`);
  }
}

function columnName(node: Node): string {
  const column = node.column;
  const name = isNode(column) && isNode(column.expr) ? column.expr.value : column;
  if (typeof name !== "string") throw unsupported("Unsupported column.");
  return name.toLowerCase();
}

function callOf(node: Node): Expr {
  const parts = asNode(node.name);
  const schema = nameOf(parts.schema);
  const name = [schema, ...nodes(parts.name).map((n) => String(n.value))]
    .filter((p) => p !== null)
    .join(".")
    .toUpperCase();
  const args = isNode(node.args) ? nodes(node.args.value).map(exprOf) : [];
  const [only] = args;
  if (name === "NOT" && args.length === 1 && only !== undefined) return { is: "not", of: only };
  return { is: "call", name, args, distinct: false };
}

function aggregateOf(node: Node): Expr {
  const args = asNode(node.args);
  if (node.over !== null && node.over !== undefined) throw unsupported("Window functions are not supported.");
  return {
    is: "call",
    name: String(node.name).toUpperCase(),
    args: [exprOf(asNode(args.expr))],
    distinct: args.distinct === "DISTINCT",
  };
}

function caseOf(node: Node): Expr {
  if (isNode(node.expr)) throw unsupported("CASE takes conditions only.");
  const branches: { when: Expr; value: Expr }[] = [];
  let otherwise: Expr = { is: "null" };
  for (const arm of nodes(node.args)) {
    const value = exprOf(asNode(arm.result));
    if (arm.type === "else") otherwise = value;
    else branches.push({ when: exprOf(asNode(arm.cond)), value });
  }
  return { is: "case", branches, otherwise };
}

function unaryOf(node: Node): Expr {
  const of = exprOf(asNode(node.expr));
  if (node.operator === "NOT") return { is: "not", of };
  if (node.operator === "-") return { is: "binary", op: "-", left: { is: "number", value: "0" }, right: of };
  throw unsupported(`Unsupported operator: ${String(node.operator)}.`);
}

const PLAIN_OPERATORS = new Set([
  "=",
  "!=",
  "<>",
  "<",
  "<=",
  ">",
  ">=",
  "AND",
  "OR",
  "+",
  "-",
  "*",
  "/",
  "||",
]);

function binaryOf(node: Node): Expr {
  const op = String(node.operator).toUpperCase();
  const left = exprOf(asNode(node.left));
  const rightNode = asNode(node.right);
  const listed = () => nodes(rightNode.value).map(exprOf);
  if (PLAIN_OPERATORS.has(op))
    return { is: "binary", op: op === "<>" ? "!=" : op, left, right: exprOf(rightNode) };
  if (op === "IN" || op === "NOT IN") {
    if (rightNode.type !== "expr_list") throw unsupported("IN takes a list of values.");
    return { is: "in", negated: op === "NOT IN", left, list: listed() };
  }
  if (op === "LIKE" || op === "NOT LIKE") {
    return { is: "like", negated: op === "NOT LIKE", left, pattern: exprOf(rightNode) };
  }
  if ((op === "IS" || op === "IS NOT") && rightNode.type === "null") {
    return { is: "null-test", negated: op === "IS NOT", of: left };
  }
  if (op === "BETWEEN" || op === "NOT BETWEEN") {
    const [low, high] = listed();
    if (low === undefined || high === undefined) throw unsupported("BETWEEN takes two values.");
    const within: Expr = {
      is: "binary",
      op: "AND",
      left: { is: "binary", op: ">=", left, right: low },
      right: { is: "binary", op: "<=", left, right: high },
    };
    return op === "BETWEEN" ? within : { is: "not", of: within };
  }
  throw unsupported(`Unsupported operator: ${op}.`);
}

/** Bound `?` marks outside quotes and comments become `:p1`, `:p2`…, which the grammar knows. */
function namedParams(sql: string): { text: string; params: number } {
  let params = 0;
  const text = sql.replace(/'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g, (part) =>
    part === "?" ? `:p${++params}` : part,
  );
  return { text, params };
}

const unsupported = (why: string): VendorRefusal => badQuery(`Search error occurred: ${why}`);

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asNode(value: unknown): Node {
  if (isNode(value)) return value;
  throw unsupported("Invalid or unsupported search.");
}

function nodes(value: unknown): Node[] {
  return Array.isArray(value) ? value.map(asNode) : [];
}

/** Identifiers come as text or as a small node, depending on where they stand. */
function nameOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  return isNode(value) && typeof value.value === "string" ? value.value : null;
}
