/** Who starts the embedded engine, who finds it, and when it ends. Real processes throughout. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readAddress, writeAddress } from "#sql/engine/address";
import { type EngineLease, leaseEngine, startOrFindEngine } from "#sql/engine/start";
import { projectRoot } from "#sql/root";

const memoryBytes = 1_000_000_000;
let dataDir: string;
let leases: EngineLease[];
let children: ChildProcess[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "plumbline-test-"));
  leases = [];
  children = [];
});

afterEach(async () => {
  for (const lease of leases) lease.release();
  for (const child of children) child.kill("SIGKILL");
  await vi.waitFor(() => expect(enginesOf(dataDir)).toEqual([]), { timeout: 30_000 });
  rmSync(dataDir, { recursive: true, force: true });
});

async function lease(): Promise<EngineLease> {
  const held = await leaseEngine({ dataDir, memoryBytes });
  leases.push(held);
  return held;
}

/** Starts a process that takes a lease, and resolves with the engine's pid once it has it. */
async function holder(): Promise<{ child: ChildProcess; engine: number }> {
  const script = join(projectRoot(), "test", "support", "lease-holder.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, dataDir], {
    cwd: projectRoot(),
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, engine: Number(line.toString()) };
}

/** Engine processes on a directory, by what the system says. */
function enginesOf(dir: string): number[] {
  return execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(`--data ${dir} `))
    .map((line) => Number.parseInt(line, 10));
}

async function untilEnded(pid: number): Promise<void> {
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 30_000 });
}

it("is started by the first caller and found by the second", async () => {
  const first = await lease();
  const second = await lease();
  expect(second.address).toEqual(first.address);
  expect(await startOrFindEngine({ dataDir, memoryBytes })).toEqual(first.address);
});

it("is one engine, however many start it at once, in one process or in several", async () => {
  const [a, b, c, d] = await Promise.all([holder(), holder(), lease(), lease()]);
  expect(new Set([a.engine, b.engine, c.address.pid, d.address.pid]).size).toBe(1);
  await vi.waitFor(() => expect(enginesOf(dataDir)).toEqual([a.engine]), { timeout: 30_000 });
});

it("keeps its password in a file that only its owner can read, and listens on this machine only", async () => {
  const { address } = await lease();
  expect(statSync(join(dataDir, "engine.json")).mode & 0o777).toBe(0o600);
  expect(new URL(address.url).hostname).toBe("127.0.0.1");
  expect(address.password.length).toBeGreaterThan(20);
});

it("does nothing for somebody without the password", async () => {
  const { address } = await lease();
  for (const [path, method] of [
    ["/lease", "GET"],
    ["/stop", "POST"],
    ["/?query=SELECT%201", "GET"],
  ]) {
    const answer = await fetch(new URL(path ?? "", address.url), { method: method ?? "GET" });
    expect(answer.status).toBe(403);
  }
  expect((await lease()).address.pid).toBe(address.pid);
});

it("ends when the last one out releases it, and takes its address with it", async () => {
  const first = await lease();
  const second = await lease();
  first.release();
  await first.ended;
  expect(second.alive).toBe(true);
  second.release();
  await untilEnded(first.address.pid);
  expect(existsSync(join(dataDir, "engine.json"))).toBe(false);
});

it("outlives the process that started it while another needs it, and not a moment after", async () => {
  const starter = await holder();
  const other = await lease();
  expect(other.address.pid).toBe(starter.engine);
  starter.child.kill("SIGKILL");
  await once(starter.child, "exit");
  const answer = await fetch(new URL("/?query=SELECT%201", other.address.url), {
    headers: credentials(other),
  });
  expect(await answer.text()).toBe("1\n");
  other.release();
  await untilEnded(starter.engine);
});

it("leaves nothing behind when everybody who needed it is killed", async () => {
  const [a, b] = await Promise.all([holder(), holder()]);
  a.child.kill("SIGKILL");
  b.child.kill("SIGKILL");
  await untilEnded(a.engine);
});

it("is replaced when it has died, and its lease says so", async () => {
  const first = await lease();
  process.kill(first.address.pid, "SIGKILL");
  await first.ended;
  expect(first.alive).toBe(false);
  expect(readAddress(dataDir)).toEqual(first.address);
  const second = await lease();
  expect(second.address.pid).not.toBe(first.address.pid);
});

it("is not looked for at an address where somebody else now listens", async () => {
  const impostor = createServer((_, res) => res.writeHead(403).end()).listen(0, "127.0.0.1");
  await once(impostor, "listening");
  const { port } = impostor.address() as AddressInfo;
  const stale = {
    url: `http://127.0.0.1:${port}`,
    user: "x",
    password: "y",
    pid: process.pid,
    started: "2026-01-01T00:00:00.000Z",
  };
  writeAddress(dataDir, stale);
  const held = await lease();
  expect(held.address.url).not.toBe(stale.url);
  impostor.close();
});

it("is started anew when its address file is damaged", async () => {
  writeFileSync(join(dataDir, "engine.json"), '{"url": "http://127.0');
  expect((await lease()).alive).toBe(true);
});

it("ends cleanly when it is told to terminate", async () => {
  const held = await lease();
  process.kill(held.address.pid, "SIGTERM");
  await untilEnded(held.address.pid);
  expect(held.alive).toBe(false);
  expect(existsSync(join(dataDir, "engine.json"))).toBe(false);
});

it("ends although a statement is running that would never end", async () => {
  const held = await lease();
  const query = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1";
  const running = fetch(held.address.url, { method: "POST", body: query, headers: credentials(held) }).catch(
    () => null,
  );
  await vi.waitFor(async () => {
    const processes = new URL("/?query=SELECT+count()+FROM+system.processes", held.address.url);
    expect(await (await fetch(processes, { headers: credentials(held) })).text()).toBe("2\n");
  });
  process.kill(held.address.pid, "SIGTERM");
  await running;
  await untilEnded(held.address.pid);
});

it("lets no second process open its directory", async () => {
  await lease();
  const main = join(projectRoot(), "sql", "engine", "main.ts");
  const args = ["--import", "tsx", main, "--data", dataDir, "--memory", String(memoryBytes)];
  const second = spawn(process.execPath, args, { cwd: projectRoot(), stdio: "ignore" });
  children.push(second);
  const [code] = await once(second, "exit");
  expect(code).not.toBe(0);
});

function credentials({ address }: EngineLease): Record<string, string> {
  return { "X-ClickHouse-User": address.user, "X-ClickHouse-Key": address.password };
}
