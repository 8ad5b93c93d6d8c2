/**
 * A data directory with every migration applied, made once for a set of migrations and then copied: a test file starts from a copy in
 * a fraction of the time. Views that differ from the copy's are made anew by `migrate`, as in any database.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { sha256 } from "#core/ids";
import { readAddress } from "#sql/engine/address";
import { stopEngine } from "#sql/engine/start";
import { migrate, readMigrations } from "#sql/migrate";
import { projectRoot, sqlDir } from "#sql/root";
import { openStore } from "#sql/store";

/** Fills an empty directory with a migrated database. The engine must not be running on it yet. */
export async function copyTemplate(dataDir: string): Promise<void> {
  const template = templateDir();
  if (!existsSync(template)) await makeTemplate(template);
  cpSync(template, dataDir, { recursive: true });
  relink(dataDir);
}

/** Another set of migrations, another set of views or another engine is another template. */
function templateDir(): string {
  const migrations = readMigrations(join(sqlDir(), "migrations")).map((m) => `${m.name} ${m.checksum}`);
  const views = readdirSync(join(sqlDir(), "views"));
  const packages = readFileSync(join(projectRoot(), "package.json"), "utf8");
  const hash = sha256([...migrations, ...views, packages].join("\n")).slice(0, 16);
  return join(projectRoot(), "node_modules/.cache/plumbline", hash);
}

/** Of several who make it at the same time, one's is kept. */
async function makeTemplate(template: string): Promise<void> {
  const parent = join(template, "..");
  mkdirSync(parent, { recursive: true });
  const dataDir = mkdtempSync(join(parent, "making-"));
  try {
    const store = await openStore({ dataDir, memoryBytes: 2_000_000_000 });
    try {
      await migrate(store);
    } finally {
      const address = readAddress(dataDir);
      await store.close();
      if (address) await stopEngine(address);
    }
    renameSync(dataDir, template);
  } catch (error) {
    if (!existsSync(template)) throw error;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The engine links its databases and tables by absolute path: in a copy, they must not lead to where it was copied from. */
function relink(dataDir: string): void {
  const engineDir = join(dataDir, "clickhouse");
  const links = readdirSync(engineDir, { recursive: true, withFileTypes: true }).filter((e) =>
    e.isSymbolicLink(),
  );
  for (const link of links) {
    const path = join(link.parentPath, link.name);
    const target = readlinkSync(path);
    unlinkSync(path);
    symlinkSync(join(engineDir, target.slice(target.indexOf("/clickhouse/") + "/clickhouse/".length)), path);
  }
}
