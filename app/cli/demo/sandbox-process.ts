/** The make-believe firm as a child process: its vendors answer on loopback until the demo ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { ConfigError } from "#core/errors";

const Ready = z.object({
  ready: z.literal(true),
  asOf: z.string(),
  truth: z.string(),
  salesforce: z.object({ url: z.url(), clientId: z.string(), clientSecret: z.string() }),
  netsuite: z.object({
    url: z.url(),
    accountId: z.string(),
    clientId: z.string(),
    kid: z.string(),
    privateKeyPem: z.string(),
  }),
});
export type SandboxReady = z.infer<typeof Ready>;

export interface SandboxOptions {
  seed: number;
  projects: number;
  months: number;
  truthFile: string;
  life: boolean;
}

export interface SandboxProcess extends SandboxReady {
  stop(): Promise<void>;
}

/** Start the firm and wait until its servers answer. Throws ConfigError with what it printed when it cannot start. */
export async function startSandboxProcess(options: SandboxOptions): Promise<SandboxProcess> {
  if (!existsSync("sandbox/main.ts"))
    throw new ConfigError("demo.no-sandbox", "sandbox/main.ts is not here", {
      userMessage: "The make-believe firm is part of the source tree; run this from a checkout of Plumbline.",
    });
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "sandbox/main.ts",
      ...["--seed", String(options.seed), "--projects", String(options.projects)],
      ...["--months", String(options.months), "--truth", options.truthFile],
      ...(options.life ? ["--life"] : []),
    ],
    // Standard input stays open as a lifeline: the firm ends when this process does.
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const ready = await firstLine(child);
  return { ...Ready.parse(JSON.parse(ready)), stop: () => stop(child) };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    lines.once("line", resolve);
    child.once("exit", (code) =>
      reject(
        new ConfigError("demo.sandbox-died", `The sandbox ended with code ${code} before it was ready`, {
          userMessage: "The make-believe firm could not be started; what it printed above says why.",
        }),
      ),
    );
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.stdin?.end();
    child.kill("SIGTERM");
  });
}
