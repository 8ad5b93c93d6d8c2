/** Run SQL on the two databases directly, with the clients that come with the servers. */
import { spawn } from "node:child_process";
import type { Estate, Flavour } from "../estate.ts";

/** One transaction on a Tryton database. Answers with what it printed: one line a row, columns separated by `|`. */
export function onTryton(estate: Estate, flavour: Flavour, sql: string): Promise<string> {
  const { host, port, user } = estate.postgres;
  const where = ["-h", host, "-p", String(port), "-U", user, "-d", estate[flavour].tryton.database];
  return run("psql", [...where, "-qAtX", "-1", "-v", "ON_ERROR_STOP=1", "-f", "-"], sql);
}

/** Python comes with Tryton; Redmine's database is a file that may be in use. */
const SQLITE = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
db.execute("begin immediate")
for statement in sys.stdin.read().split(";\\n"):
    if statement.strip():
        for row in db.execute(statement):
            print("|".join(str(c) for c in row))
db.execute("commit")
`;

/** One transaction on a Redmine database; every statement ends with `;` at the end of a line. */
export function onRedmine(estate: Estate, flavour: Flavour, sql: string): Promise<string> {
  return run("/usr/bin/python3", ["-c", SQLITE, estate[flavour].redmine.databaseFile], sql);
}

function run(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], timeout: 120_000 });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(out.trim());
      else reject(new Error(`${command} ended with ${code}: ${err.trim().slice(0, 1000)}`));
    });
    child.stdin.end(input);
  });
}
