/**
 * The engine process: opens the database directory (only one process can), listens, writes the address file, and ends when
 * nobody has held a lease for a while. Started by start.ts, never by hand.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { log } from "#core/log";
import { instantOf, systemClock } from "#core/time";
import { removeAddress, writeAddress } from "./address.ts";
import { openDatabase } from "./chdb.ts";
import { createExecutor } from "./execute.ts";
import { createFront } from "./front.ts";

/** How long the first client has to take its lease, and how long the engine waits for another after the last one left. */
const FIRST_LEASE_MS = 15_000;
const GRACE_MS = 2_000;
/** How long running statements get to notice that they were cancelled. */
const STOP_MS = 10_000;

const { values } = parseArgs({ options: { data: { type: "string" }, memory: { type: "string" } } });
const dataDir = values.data;
const memoryBytes = Number(values.memory);
if (!dataDir || !Number.isSafeInteger(memoryBytes))
  throw new Error("Usage: engine --data <directory> --memory <bytes>");

const spool = join(dataDir, "incoming");
mkdirSync(join(dataDir, "clickhouse"), { recursive: true });
mkdirSync(join(dataDir, "backups"), { recursive: true });
const database = openDatabase(join(dataDir, "clickhouse"), join(dataDir, "backups"), memoryBytes);
// From here on this process owns the directory: what an earlier one left half received was never acknowledged.
rmSync(spool, { recursive: true, force: true });
mkdirSync(spool, { recursive: true, mode: 0o700 });

const executor = createExecutor(database, memoryBytes);
let leases = 0;
let idle: NodeJS.Timeout;
const waitForLease = (ms: number) => {
  clearTimeout(idle);
  idle = setTimeout(() => {
    if (leases > 0) return;
    if (executor.running() > 0) waitForLease(GRACE_MS);
    else void stop("nobody needs it");
  }, ms);
};

const address = { user: "plumbline", password: randomBytes(24).toString("base64url") };
const front = createFront({
  executor,
  spool,
  ...address,
  onLeases(count) {
    leases = count;
    if (count === 0) waitForLease(GRACE_MS);
  },
  onStop: () => void stop("asked to"),
});

let stopping = false;
async function stop(why: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ why }, "engine stops");
  removeAddress(dataDir ?? "", process.pid);
  front.close();
  if (await executor.stop(STOP_MS)) {
    front.closeAllConnections();
    database.close();
    process.exit(0);
  }
  // Closing the database under a running statement would abort it half way; being killed is what it is built to survive.
  process.kill(process.pid, "SIGKILL");
}

process.on("SIGTERM", () => void stop("terminated"));
// Ctrl-C in a terminal is for the client, whose lease then ends.
process.on("SIGINT", () => undefined);
process.on("SIGHUP", () => undefined);

front.listen(0, "127.0.0.1", () => {
  const { port } = front.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  writeAddress(dataDir, { url, ...address, pid: process.pid, started: instantOf(systemClock.now()) });
  log.info({ url, memoryBytes }, "engine ready");
  waitForLease(FIRST_LEASE_MS);
});
