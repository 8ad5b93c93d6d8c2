/**
 * Finds the engine of a data directory or starts it. Whoever comes first starts it, everybody else finds it by its address file;
 * of several starters the directory's lock lets exactly one win, and the others find that one. A lease is an open connection:
 * the kernel ends it when its holder dies, however that happens, and the engine ends when the last one is gone.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inheritedEnv } from "#core/env";
import { TransientError } from "#core/errors";
import { type Clock, systemClock } from "#core/time";
import { projectRoot } from "../root.ts";
import { type EngineAddress, readAddress } from "./address.ts";

export type { EngineAddress } from "./address.ts";

export interface EngineLease {
  readonly address: EngineAddress;
  /** False once the engine has gone away. */
  readonly alive: boolean;
  /** Resolves when it has gone away or the lease was released. */
  readonly ended: Promise<void>;
  release(): void;
}

const START_MS = 60_000;
const STOP_MS = 20_000;
/** The log is started anew when it has grown beyond this. */
const LOG_BYTES = 5_000_000;
/** Mirrors NATIVE_THREADS in chdb.ts, which this process must not load. */
const THREADS = "32";

/**
 * The address of a running engine on `dataDir`, started if need be. Take a lease soon: an engine nobody needs ends.
 * Throws TransientError `store.engine-not-started`.
 */
export async function startOrFindEngine(options: {
  dataDir: string;
  memoryBytes: number;
  clock?: Clock;
}): Promise<EngineAddress> {
  const lease = await leaseEngine(options);
  const { address } = lease;
  lease.release();
  return address;
}

/** Like startOrFindEngine, keeping the engine running until the lease is released or this process ends. */
export async function leaseEngine(options: {
  dataDir: string;
  memoryBytes: number;
  clock?: Clock;
}): Promise<EngineLease> {
  const clock = options.clock ?? systemClock;
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true });
  const until = clock.now() + START_MS;
  let child: ChildProcess | null = null;
  while (clock.now() < until) {
    const address = readAddress(dataDir);
    const lease = address ? await takeLease(address) : null;
    if (lease) return lease;
    if (child === null || child.exitCode !== null || child.signalCode !== null)
      child = startEngine(dataDir, options.memoryBytes);
    await delay(50);
  }
  throw new TransientError(
    "store.engine-not-started",
    `The engine on ${dataDir} did not start in ${START_MS} ms`,
    {
      userMessage: `The database did not start within a minute. Look at ${join(dataDir, "engine.log")} for the reason, and check that the disk is not full and that no other program uses ${dataDir}.`,
    },
  );
}

/** Ends an engine and waits until it has gone. Throws TransientError `store.engine-not-stopped`. */
export async function stopEngine(address: EngineAddress, clock: Clock = systemClock): Promise<void> {
  await call(address, "POST", "/stop").then(
    (res) => res.resume(),
    () => undefined,
  );
  const until = clock.now() + STOP_MS;
  while (isRunning(address.pid)) {
    if (clock.now() > until)
      throw new TransientError("store.engine-not-stopped", `Engine process ${address.pid} did not end`);
    await delay(20);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function startEngine(dataDir: string, memoryBytes: number): ChildProcess {
  const root = projectRoot();
  const built = join(root, "dist", "engine.js");
  // A source checkout may hold an old build too: what runs from source starts the engine from source.
  const fromSource = import.meta.url.endsWith(".ts") || !existsSync(built);
  const main = fromSource ? ["--import", "tsx", join(root, "sql", "engine", "main.ts")] : [built];
  const logPath = join(dataDir, "engine.log");
  const full = existsSync(logPath) && statSync(logPath).size > LOG_BYTES;
  const logFile = openSync(logPath, full ? "w" : "a", 0o600);
  const child = spawn(process.execPath, [...main, "--data", dataDir, "--memory", String(memoryBytes)], {
    cwd: root,
    // A process group of its own, so that it outlives its starter while somebody else holds a lease.
    detached: true,
    stdio: ["ignore", logFile, logFile],
    env: inheritedEnv({ UV_THREADPOOL_SIZE: THREADS }),
  });
  closeSync(logFile);
  child.unref();
  return child;
}

/** A lease, or null when no engine with this password answers there. */
async function takeLease(address: EngineAddress): Promise<EngineLease | null> {
  let res: IncomingMessage;
  try {
    res = await call(address, "GET", "/lease");
  } catch {
    return null;
  }
  if (res.statusCode !== 200) {
    res.destroy();
    return null;
  }
  let alive = true;
  const ended = new Promise<void>((resolve) => {
    res.on("close", () => {
      alive = false;
      resolve();
    });
  });
  res.on("error", () => undefined);
  res.resume();
  // Holding a lease is no reason for a program not to end.
  res.socket.unref();
  return {
    address,
    get alive() {
      return alive;
    },
    ended,
    release: () => void res.destroy(),
  };
}

function call(address: EngineAddress, method: string, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const auth = `${address.user}:${address.password}`;
    const req = request(new URL(path, address.url), { method, auth, agent: false, timeout: 5_000 }, (res) => {
      req.setTimeout(0);
      resolve(res);
    });
    req.on("timeout", () => req.destroy(new Error("no answer")));
    req.on("error", reject);
    req.end();
  });
}
