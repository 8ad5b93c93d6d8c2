import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { importPKCS8, SignJWT } from "jose";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { manualClock } from "#core/time";
import type { SandboxCredentials } from "#sandbox/start";
import { startSandbox } from "#sandbox/start";
import { FRIDAY } from "./stores.ts";

const Token = z.object({ access_token: z.string() });

async function salesforceCount(
  url: string,
  given: SandboxCredentials["salesforce"],
  object: string,
): Promise<number> {
  const form = {
    grant_type: "client_credentials",
    client_id: given.clientId,
    client_secret: given.clientSecret,
  };
  const login = await fetch(`${url}/services/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  const { access_token } = Token.parse(await login.json());
  const query = `${url}/services/data/v66.0/query?q=${encodeURIComponent(`SELECT COUNT() FROM ${object}`)}`;
  const answer = await fetch(query, { headers: { authorization: `Bearer ${access_token}` } });
  return z.object({ totalSize: z.number() }).parse(await answer.json()).totalSize;
}

async function netsuiteCount(
  url: string,
  given: SandboxCredentials["netsuite"],
  table: string,
  now: number,
): Promise<number> {
  const audience = `${url}/services/rest/auth/oauth2/v1/token`;
  const assertion = await new SignJWT({ scope: ["restlets", "rest_webservices"] })
    .setProtectedHeader({ typ: "JWT", alg: "PS256", kid: given.kid })
    .setIssuer(given.clientId)
    .setAudience(audience)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor(now / 1000) + 300)
    .sign(await importPKCS8(given.privateKeyPem, "PS256"));
  const form = {
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  };
  const login = await fetch(audience, { method: "POST", body: new URLSearchParams(form) });
  const { access_token } = Token.parse(await login.json());
  const answer = await fetch(`${url}/services/rest/query/v1/suiteql?limit=10&offset=0`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${access_token}`,
      prefer: "transient",
      "content-type": "application/json",
    },
    body: JSON.stringify({ q: `SELECT COUNT(*) AS n FROM ${table}` }),
  });
  const { items } = z.object({ items: z.array(z.object({ n: z.string() })) }).parse(await answer.json());
  return Number(items[0]?.n);
}

describe("a sandbox", () => {
  it("answers for both vendors with the credentials made for it, and with what was planted", async () => {
    const clock = manualClock(FRIDAY);
    const sandbox = await startSandbox({ clock, projects: 20, months: 3 });
    try {
      const { salesforce, netsuite } = sandbox.credentials;
      expect(await salesforceCount(sandbox.salesforceUrl, salesforce, "pse__Timecard_Header__c")).toBe(
        [...sandbox.org.rows("pse__Timecard_Header__c")].length,
      );
      const jobs = await netsuiteCount(sandbox.netsuiteUrl, netsuite, "job", clock.now());
      expect(jobs).toBe([...sandbox.account.rows("job")].length);
      expect(jobs).toBeGreaterThan(10);
      expect(sandbox.truth.planted.length).toBeGreaterThan(40);
    } finally {
      await sandbox.close();
    }
  });

  it("plants nothing when asked for nothing", async () => {
    const sandbox = await startSandbox({ clock: manualClock(FRIDAY), projects: 20, months: 3, perRule: 0 });
    await sandbox.close();
    expect(sandbox.truth).toMatchObject({ planted: [], nearMisses: [], absorbed: [] });
  });
});

describe("the sandbox process", () => {
  const dir = mkdtempSync(join(tmpdir(), "sandbox-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it("says where its systems are in one line, writes the answer sheet, and ends with whoever started it", async () => {
    const truth = join(dir, "truth.json");
    const args = [
      "--import",
      "tsx",
      "sandbox/main.ts",
      "--projects",
      "20",
      "--months",
      "3",
      "--truth",
      truth,
      "--life",
    ];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    const exited = once(child, "exit");
    const line = await Promise.race([
      once(createInterface({ input: child.stdout }), "line").then(([text]) => String(text)),
      exited.then(([code]) => `The sandbox ended with ${code} before it was ready.`),
    ]);
    const ready = z
      .object({
        ready: z.literal(true),
        asOf: z.iso.datetime(),
        truth: z.literal(truth),
        salesforce: z.object({ url: z.url(), clientId: z.string(), clientSecret: z.string() }),
        netsuite: z.object({ url: z.url(), kid: z.string(), privateKeyPem: z.string() }),
      })
      .parse(JSON.parse(line));
    const sheet = JSON.parse(readFileSync(truth, "utf8")) as { planted: unknown[]; asOf: string };
    expect(sheet.planted.length).toBeGreaterThan(40);
    expect(sheet.asOf).toBe(ready.asOf);
    expect(await salesforceCount(ready.salesforce.url, ready.salesforce, "Account")).toBeGreaterThan(5);
    child.stdin.end();
    const [code] = await exited;
    expect(code).toBe(0);
  });

  it("refuses a size that is not a number", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", "sandbox/main.ts", "--projects", "many"], {
      stdio: ["pipe", "ignore", "pipe"],
    });
    const said: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    const [code] = await once(child, "exit");
    expect(code).toBe(2);
    expect(Buffer.concat(said).toString()).toContain("--projects must be a whole number");
  });
});
