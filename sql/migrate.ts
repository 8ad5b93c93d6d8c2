/**
 * Brings a database to this version: forward-only migrations in order, then the views, which are created anew when one changed.
 * What was applied is kept with its checksum in `schema_migration`; a gap, an edited file or a database newer than this
 * program stops the start.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError, InvariantError } from "#core/errors";
import { sha256 } from "#core/ids";
import { compiledQuery } from "./query.ts";
import { sqlDir } from "./root.ts";
import { oneStatement } from "./statement.ts";
import type { Store } from "./store.ts";

interface SqlFile {
  name: string;
  sql: string;
  checksum: string;
}

export interface MigrateOptions {
  dir?: string;
  viewsDir?: string;
  /** Write replicated table engines, for a cluster. */
  replicated?: boolean;
}

const applied = compiledQuery({
  name: "schema-migration.applied",
  sql: "SELECT name, argMin(checksum, applied_at) AS checksum FROM schema_migration WHERE name != 'views' GROUP BY name",
  params: z.object({}),
  row: z.object({ name: z.string(), checksum: z.string() }),
});

/** The views made last, and those that are there. */
const present = compiledQuery({
  name: "schema-migration.views",
  sql: `SELECT argMax(checksum, applied_at) AS checksum,
               (SELECT groupArray(name) FROM system.tables WHERE database = currentDatabase() AND engine = 'View') AS names
        FROM schema_migration WHERE name = 'views'`,
  params: z.object({}),
  row: z.object({ checksum: z.string(), names: z.array(z.string()) }),
});

/** The name under which the views' checksum is kept; no migration can have it. */
const VIEWS = "views";

/**
 * Applies what is missing and returns the names of the migrations applied.
 * Throws InvariantError (a gap, an edit, a file with several statements) and ConfigError (a database newer than the program).
 */
export async function migrate(store: Store, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const files = readMigrations(options.dir ?? join(sqlDir(), "migrations"));
  const views = readSqlFiles(options.viewsDir ?? join(sqlDir(), "views"));
  await store.command(
    expand(
      `CREATE TABLE IF NOT EXISTS schema_migration
       (name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
       ENGINE = {{MergeTree}} ORDER BY name SETTINGS {{durable}}`,
      options,
    ),
  );
  const done = new Map((await store.query(applied, {})).map((row) => [row.name, row.checksum]));
  const missing = pending(files, done);
  for (const file of missing) {
    await store.command(expand(file.sql, options));
    // Written after the statement: a crash in between applies it again, which every migration allows (IF NOT EXISTS).
    await store.command(
      "INSERT INTO schema_migration (name, checksum) SELECT {name:String}, {checksum:String}",
      {
        name: file.name,
        checksum: file.checksum,
      },
    );
  }
  const checksum = sha256(views.map((view) => `${view.name} ${view.checksum}`).join("\n"));
  if (missing.length > 0 || !(await viewsAreCurrent(store, views, checksum))) {
    await createViews(store, views, options);
    await record(store, VIEWS, checksum);
  }
  return { applied: missing.map((file) => file.name) };
}

async function record(store: Store, name: string, checksum: string): Promise<void> {
  await store.command(
    "INSERT INTO schema_migration (name, checksum) SELECT {name:String}, {checksum:String}",
    {
      name,
      checksum,
    },
  );
}

async function viewsAreCurrent(store: Store, views: readonly SqlFile[], checksum: string): Promise<boolean> {
  const [found] = await store.query(present, {});
  return found?.checksum === checksum && views.every((view) => found.names.includes(view.name));
}

/** Creates every view. One may read from another, so those that cannot be made yet are tried again after the rest. */
async function createViews(store: Store, views: readonly SqlFile[], options: MigrateOptions): Promise<void> {
  let left = views;
  while (left.length > 0) {
    const failed: { view: SqlFile; error: unknown }[] = [];
    for (const view of left) {
      try {
        await store.command(expand(view.sql, options));
      } catch (error) {
        if (!(error instanceof InvariantError)) throw error;
        failed.push({ view, error });
      }
    }
    if (failed.length === left.length) throw failed[0]?.error;
    left = failed.map(({ view }) => view);
  }
}

/** The migrations of a folder, numbered 001 upwards without a gap. Throws InvariantError. */
export function readMigrations(dir: string): SqlFile[] {
  const files = readSqlFiles(dir);
  for (const [n, file] of files.entries()) {
    const number = /^(\d{3})_[a-z0-9_]+$/.exec(file.name)?.[1];
    if (Number(number) !== n + 1)
      throw new InvariantError(
        "migration.gap",
        `Migration ${file.name} should be number ${String(n + 1).padStart(3, "0")}: numbers run without gaps`,
      );
  }
  return files;
}

/** The migrations not yet applied. Throws when what was applied is not a beginning of these files. */
function pending(files: readonly SqlFile[], done: ReadonlyMap<string, string>): SqlFile[] {
  const known = new Set(files.map((f) => f.name));
  const newer = [...done.keys()].filter((name) => !known.has(name));
  if (newer.length > 0)
    throw new ConfigError(
      "migration.newer",
      `The database has migrations unknown here: ${newer.join(", ")}`,
      {
        userMessage: `The database was made by a newer Plumbline (it has ${newer.join(", ")}). Start that version, or point this one at another database.`,
      },
    );
  for (const file of files) {
    const checksum = done.get(file.name);
    if (checksum !== undefined && checksum !== file.checksum)
      throw new InvariantError("migration.edited", `Migration ${file.name} was edited after it was applied`, {
        userMessage: `The file of migration ${file.name} is not the one this database was made with. Put the original back and write the change as a new migration.`,
      });
  }
  const firstMissing = files.findIndex((f) => !done.has(f.name));
  const skipped = firstMissing < 0 ? undefined : files.slice(firstMissing).find((f) => done.has(f.name));
  if (skipped)
    throw new InvariantError(
      "migration.gap",
      `Migration ${files[firstMissing]?.name} is missing from a database that has ${skipped.name}`,
    );
  return firstMissing < 0 ? [] : files.slice(firstMissing);
}

function readSqlFiles(dir: string): SqlFile[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((file) => {
      const sql = readFileSync(join(dir, file), "utf8");
      const one = oneStatement(sql);
      if (!one.ok)
        throw new InvariantError(
          "migration.one-statement",
          `${join(dir, file)} has ${one.reason === "empty" ? "no statement" : "several statements"}: a server takes one at a time`,
        );
      return { name: file.replace(/\.sql$/, ""), sql: one.sql, checksum: sha256(sql) };
    });
}

const TOKEN = /\{\{(\w+)(?:\(([^{}]*)\))?\}\}/g;
const ENGINES = new Set(["MergeTree", "ReplacingMergeTree", "AggregatingMergeTree", "SummingMergeTree"]);

/**
 * Fills in what depends on where tables live. `{{ReplacingMergeTree(version)}}` is that engine, replicated on a cluster;
 * `{{durable}}` are the settings with which an acknowledged row survives a power cut.
 */
export function expand(sql: string, options: { replicated?: boolean } = {}): string {
  return sql.replace(TOKEN, (token, name: string, args: string | undefined) => {
    if (name === "durable") return "fsync_after_insert = 1, fsync_part_directory = 1";
    if (!ENGINES.has(name))
      throw new InvariantError("migration.token", `Unknown token ${token} in a migration`);
    return `${options.replicated ? "Replicated" : ""}${name}(${args ?? ""})`;
  });
}
