/**
 * Which tables a statement rests on, through however many views: read from the texts in `sql/`, so that a new view is known without
 * anyone declaring it. A word that happens to be a table's name counts as reading it: that may name too many tables, never too few.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sqlDir } from "./root.ts";

export interface Reads {
  /** The tables, through views and by name. */
  tables: ReadonlySet<string>;
  /** The texts of the views in between: when one changes, so may the result. */
  viewTexts: readonly string[];
}

interface Schema {
  views: ReadonlyMap<string, string>;
  tables: ReadonlySet<string>;
}

let schema: Schema | null = null;

/** What these statements read, and what they write to. */
export function readsOf(statements: readonly string[]): Reads {
  schema ??= readSchema();
  const { views, tables } = schema;
  const seen = new Set<string>();
  const found = new Set<string>();
  const viewTexts: string[] = [];
  const waiting = [...statements];
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop())
    for (const name of wordsOf(text)) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (tables.has(name)) found.add(name);
      const view = views.get(name);
      if (view === undefined) continue;
      viewTexts.push(view);
      waiting.push(view);
    }
  return { tables: found, viewTexts: viewTexts.sort() };
}

function readSchema(): Schema {
  const read = (dir: string) =>
    readdirSync(join(sqlDir(), dir))
      .filter((file) => file.endsWith(".sql"))
      .map((file) => readFileSync(join(sqlDir(), dir, file), "utf8"));
  const named = (pattern: RegExp) => (text: string) => {
    const name = pattern.exec(text)?.[1];
    return name === undefined ? [] : [[name, text] as const];
  };
  return {
    views: new Map(read("views").flatMap(named(/^CREATE OR REPLACE VIEW (\w+)/m))),
    tables: new Set(
      read("migrations")
        .flatMap(named(/^CREATE TABLE IF NOT EXISTS (\w+)/m))
        .map(([name]) => name),
    ),
  };
}

/** The names in a statement; what stands in comments and quotes is none. */
function wordsOf(sql: string): ReadonlySet<string> {
  const plain = sql.replace(/--.*$|'(?:[^'\\]|\\.|'')*'/gm, " ");
  return new Set(plain.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []);
}
