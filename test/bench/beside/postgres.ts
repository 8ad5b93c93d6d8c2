/** PostgreSQL where Debian's package is installed: a cluster of its own, reached through a socket in its own folder. */
import { execFile } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Beside } from "./dialect.ts";

const INSTALLED = "/usr/lib/postgresql";
/** For one big question at a time on a machine of its own; what is lost in a crash is made again. */
const SETTINGS = [
  "listen_addresses=",
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "autovacuum=off",
  "shared_buffers=1GB",
  "work_mem=1GB",
  "max_wal_size=16GB",
];
const execute = promisify(execFile);

/** Null where it is not installed. */
export async function openPostgres(): Promise<Beside | null> {
  const version = existsSync(INSTALLED) ? readdirSync(INSTALLED).sort().at(-1) : undefined;
  if (version === undefined) return null;
  const program = (name: string) => join(INSTALLED, version, "bin", name);
  const owner = await account();
  const dir = mkdtempSync(join(tmpdir(), "plumbline-bench-postgres-"));
  if (owner) chownSync(dir, owner.uid, owner.gid);
  const options = { ...owner, cwd: dir, maxBuffer: 1 << 26 };
  const control = (...args: string[]) =>
    execute(program("pg_ctl"), ["-D", join(dir, "data"), "-w", ...args], options);
  const ask = async (sql: string) => {
    const args = [
      "-X",
      "-q",
      "-A",
      "-t",
      "-F",
      "|",
      "-v",
      "ON_ERROR_STOP=1",
      "-h",
      dir,
      "-U",
      "bench",
      "-d",
      "postgres",
    ];
    const { stdout } = await execute(program("psql"), [...args, "-c", sql], options);
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("|"));
  };
  await execute(
    program("initdb"),
    ["-D", join(dir, "data"), "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-sync"],
    options,
  );
  await control(
    "-l",
    join(dir, "log"),
    "-o",
    `${SETTINGS.map((s) => `-c ${s}`).join(" ")} -k ${dir}`,
    "start",
  );
  return {
    name: `PostgreSQL ${version}`,
    dialect: {
      hash: (text) => `hashtextextended(${text}, 0)`,
      newest: (table) => `(SELECT DISTINCT ON (native_id) * FROM ${table} ORDER BY native_id, version DESC)`,
    },
    ask,
    async run(sql) {
      await ask(sql);
    },
    async close() {
      await control("-m", "immediate", "stop");
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The server refuses to run as root: then as the account its package made. */
async function account(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (flag: string) => Number((await execute("id", [flag, "postgres"])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}
