/** The demo as somebody would start it, and a second web server on the same store that trusts no data older than a second. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";

const DATA = join("data", "demo");

export interface Demo {
  url: string;
  /** Account → password, as the demo printed them. */
  passwords: ReadonlyMap<string, string>;
  /** Starts the second server and returns its address. */
  startStale(): Promise<string>;
  stop(): Promise<void>;
}

export async function startDemo(): Promise<Demo> {
  const built = spawnSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] });
  if (built.status !== 0) throw new Error("The build failed.");
  const children: ChildProcess[] = [];
  const port = await freePort();
  const demo = spawn(process.execPath, ["--import", "tsx", "app/cli/demo.ts", "--port", String(port)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(demo);
  const said = await until(demo, /Interrupt \(Ctrl-C\)/);
  const passwords = new Map(
    [...said.matchAll(/^ {4}([a-z]+) +(\S+) {3}/gm)].map((m) => [m[1] ?? "", m[2] ?? ""]),
  );
  const url = `http://127.0.0.1:${port}`;
  try {
    await answering(`${url}/readyz`);
  } catch (error) {
    await ended(demo);
    throw error;
  }
  return {
    url,
    passwords,
    async startStale() {
      const stalePort = await freePort();
      const config = join(DATA, "stale.config.yaml");
      const text = readFileSync(join(DATA, "plumbline.config.yaml"), "utf8");
      writeFileSync(config, text.replaceAll(/^( +)vendor:/gm, "$1maxAge: 1s\n$1vendor:"));
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const stale = spawn(process.execPath, ["dist/server.js"], {
        stdio: ["ignore", "ignore", "inherit"],
        env: {
          ...process.env,
          NODE_ENV: "production",
          // No jobs: this one only looks.
          ROLE: "web",
          LOG_LEVEL: "error",
          PORT: String(stalePort),
          PLUMBLINE_CONFIG: config,
          PLUMBLINE_DATA: DATA,
          DEMO_SALESFORCE_SECRET: "it never calls anybody",
          DEMO_NETSUITE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
          ...Object.fromEntries(
            [...passwords].map(([name, p]) => [`DEMO_PASSWORD_${name.toUpperCase()}`, p]),
          ),
        },
      });
      children.push(stale);
      const at = `http://127.0.0.1:${stalePort}`;
      await answering(`${at}/readyz`);
      return at;
    },
    async stop() {
      for (const child of children.reverse()) await ended(child);
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** What it printed until a line matches; rejects when it ends before. */
function until(child: ChildProcess, line: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (line.test(said)) resolve(said);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => reject(new Error(`The demo ended with ${code}:\n${said}`)));
  });
}

/** Waits until an address answers well; gives up after a minute's worth of tries. */
async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${url} does not answer.`);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
