/**
 * Reads SQL text the way ClickHouse's own lexer does, as far as needed to say where a statement ends, which `{name:Type}`
 * parameters it has and how an INSERT brings its data. It understands every form in which a `;` or `{` is not what it seems:
 * strings, quoted names, comments, heredocs, typographic quotes. It does not parse.
 */

export interface Token {
  kind: "word" | "number" | "string" | "quoted-name" | "symbol";
  text: string;
  /** Offsets in the source, `end` exclusive. */
  start: number;
  end: number;
}

/** The tokens of a text, without white space and comments. A string that is never closed runs to the end. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const gap = skipGap(sql, at);
    if (gap > at) {
      at = gap;
      continue;
    }
    const [kind, end] = readToken(sql, at);
    tokens.push({ kind, text: sql.slice(at, end), start: at, end });
    at = end;
  }
  return tokens;
}

const GAP = /\s+|--[^\n]*|\/\/[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\//y;
// A letter-first word may hold `$`; a digit-first one may not, so `1$$;$$` is a number and a heredoc.
const WORD = /[A-Za-z_][\w$]*/y;
const NUMBER = /\d\w*(?:\.\w*)?/y;
const HEREDOC = /\$\w*\$/y;
/** ClickHouse takes the typographic quotes as plain ones, without escapes inside. */
const TYPOGRAPHIC: Record<string, ["string" | "quoted-name", string]> = {
  "‘": ["string", "’"],
  "“": ["quoted-name", "”"],
};

function skipGap(sql: string, at: number): number {
  return match(GAP, sql, at) ?? at;
}

function readToken(sql: string, at: number): [Token["kind"], number] {
  const c = sql[at] ?? "";
  if (c === "'") return ["string", closeQuote(sql, at, c)];
  if (c === '"' || c === "`") return ["quoted-name", closeQuote(sql, at, c)];
  const typographic = TYPOGRAPHIC[c];
  if (typographic) {
    const close = sql.indexOf(typographic[1], at + 1);
    return [typographic[0], close < 0 ? sql.length : close + 1];
  }
  if (c === "$") {
    const open = match(HEREDOC, sql, at);
    const close = open === null ? -1 : sql.indexOf(sql.slice(at, open), open);
    if (open !== null && close >= 0) return ["string", close + (open - at)];
  }
  const number = match(NUMBER, sql, at);
  if (number !== null) return ["number", number];
  const word = match(WORD, sql, at);
  if (word !== null) return ["word", word];
  return ["symbol", at + 1];
}

/** The end of a quoted text: backslash escapes, a doubled quote stands for itself. */
function closeQuote(sql: string, open: number, quote: string): number {
  for (let at = open + 1; at < sql.length; at++) {
    if (sql[at] === "\\") at++;
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return sql.length;
}

function match(pattern: RegExp, sql: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : null;
}

/** One statement without its closing `;`, or how many there are. */
export function oneStatement(
  sql: string,
): { ok: true; sql: string; tokens: Token[] } | { ok: false; reason: "empty" | "several" } {
  const tokens = tokenize(sql);
  const end = tokens.findIndex((t) => t.text === ";");
  const body = end < 0 ? tokens : tokens.slice(0, end);
  if (body.length === 0) return { ok: false, reason: "empty" };
  if (end >= 0 && tokens.slice(end).some((t) => t.text !== ";")) return { ok: false, reason: "several" };
  return { ok: true, sql: end < 0 ? sql : sql.slice(0, tokens[end]?.start), tokens: body };
}

/** The `{name:Type}` parameters of a text, by name. Throws nothing: a name used with two types keeps the first. */
export function placeholders(sql: string): Map<string, string> {
  const found = new Map<string, string>();
  const tokens = tokenize(sql);
  for (const [n, open] of tokens.entries()) {
    const name = tokens[n + 1];
    if (open.text !== "{" || name?.kind !== "word" || tokens[n + 2]?.text !== ":") continue;
    const close = tokens.slice(n + 3).find((t) => t.text === "}");
    if (close && !found.has(name.text))
      found.set(name.text, sql.slice(tokens[n + 2]?.end, close.start).trim());
  }
  return found;
}

/**
 * Where an INSERT that brings data (rather than a SELECT) names its format: `head` up to there, its SETTINGS clause, the format,
 * and the offset at which data may follow in the same text. Null for every other statement.
 */
export function insertWithData(
  sql: string,
): { head: string; settings: string; format: string; dataFrom: number } | null {
  const tokens = tokenize(sql);
  if (keyword(tokens[0]) !== "INSERT") return null;
  let depth = 0;
  let settings: Token | null = null;
  for (const [n, token] of tokens.entries()) {
    if (token.text === ";") return null;
    if (token.text === "(" && depth === 0 && keyword(tokens[n + 1]) === "SELECT") return null;
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    // A table may be called `format`: what follows INTO, TABLE or a dot is a name.
    const before = tokens[n - 1];
    if (depth > 0 || before?.text === "." || ["INTO", "TABLE", "FUNCTION"].includes(keyword(before) ?? ""))
      continue;
    const word = keyword(token);
    if (word === "SELECT" || word === "WITH" || word === "FROM" || word === "WATCH") return null;
    if (word === "SETTINGS") settings = token;
    if (word !== "VALUES" && word !== "FORMAT") continue;
    const format = word === "VALUES" ? "Values" : tokens[n + 1]?.text;
    if (format === undefined || !/^\w+$/.test(format)) return null;
    return {
      head: sql.slice(0, (settings ?? token).start),
      settings: settings ? sql.slice(settings.start, token.start) : "",
      format,
      dataFrom: word === "VALUES" ? token.end : (tokens[n + 1]?.end ?? token.end),
    };
  }
  return null;
}

/** The format a statement asks its result in, or null. */
export function formatClause(sql: string): string | null {
  const tokens = tokenize(sql);
  const at = tokens.findLastIndex((t) => keyword(t) === "FORMAT");
  const name = tokens[at + 1];
  const after = tokens[at + 2];
  const closes = after === undefined || after.text === ";" || keyword(after) === "SETTINGS";
  return at > 0 && name?.kind === "word" && closes ? name.text : null;
}

/** The upper-cased word of an unquoted token, or null. */
export function keyword(token: Token | undefined): string | null {
  return token?.kind === "word" ? token.text.toUpperCase() : null;
}
