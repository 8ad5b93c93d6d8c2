/** Getting in, finding out, being counted, and the failures a test can switch on. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  CLIENT,
  codes,
  DATA,
  type QueryPage,
  type Staffed,
  staff,
  startTestOrg,
  type TestOrg,
} from "./org-server.ts";

let t: TestOrg;
let firm: Staffed;
beforeEach(async () => {
  t = await startTestOrg({ tokenTtlMs: 60_000, dailyRequests: 50 });
  firm = staff(t);
});
afterEach(() => t.close());

const token = (form: Record<string, string>) =>
  fetch(`${t.server.url}/services/oauth2/token`, { method: "POST", body: new URLSearchParams(form) });

describe("logging in", () => {
  it("gives a token without saying how long it lasts", async () => {
    const response = await token({
      grant_type: "client_credentials",
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
    });
    const body = (await response.json()) as Record<string, string>;
    expect(body).toMatchObject({
      token_type: "Bearer",
      instance_url: t.server.url,
      issued_at: String(t.clock.now()),
    });
    expect(Object.keys(body)).not.toContain("expires_in");
    expect(body.id).toContain(t.org.apiUserId);
  });

  it.each([
    [{ grant_type: "client_credentials", client_id: "other", client_secret: "x" }, "invalid_client_id"],
    [{ grant_type: "client_credentials", client_id: CLIENT.id, client_secret: "x" }, "invalid_client"],
    [{ grant_type: "password" }, "unsupported_grant_type"],
  ])("refuses %j", async (form, error) => {
    const response = await token(form as Record<string, string>);
    expect([response.status, await response.json()]).toMatchObject([400, { error }]);
  });

  it("stops working when the session policy says so, until a new login", async () => {
    expect((await t.call("GET", `${DATA}/limits`)).status).toBe(200);
    t.clock.advance(60_000);
    const expired = await t.call("GET", `${DATA}/limits`);
    expect([expired.status, codes(expired)]).toEqual([401, ["INVALID_SESSION_ID"]]);
    await t.login();
    expect((await t.call("GET", `${DATA}/limits`)).status).toBe(200);
    t.server.revokeTokens();
    expect((await t.call("GET", `${DATA}/limits`)).status).toBe(401);
  });
});

describe("finding out", () => {
  it("lists versions without a login, and serves those it lists", async () => {
    const response = await fetch(`${t.server.url}/services/data`);
    const versions = ((await response.json()) as { version: string }[]).map((v) => v.version);
    expect([versions[0], versions.at(-1)]).toEqual(["56.0", "68.0"]);
    expect((await t.call("GET", "/services/data/v55.0/sobjects")).status).toBe(404);
    expect((await t.call("GET", "/services/data/v68.0/sobjects")).status).toBe(200);
  });

  it("describes every object it lists, and reads every field it describes", async () => {
    const roomy = await startTestOrg();
    const { sobjects } = (await roomy.call("GET", `${DATA}/sobjects`)).body as {
      sobjects: { name: string }[];
    };
    expect(sobjects.map((s) => s.name)).toContain("pse__Timecard_Header__History");
    for (const { name } of sobjects) {
      const { body } = await roomy.call("GET", `${DATA}/sobjects/${name}/describe`);
      const { fields } = body as { fields: { name: string }[] };
      const read = await roomy.query(`SELECT ${fields.map((f) => f.name).join(", ")} FROM ${name} LIMIT 1`);
      expect(read.done).toBe(true);
    }
    await roomy.close();
  });

  it("says which fields are formulas, external ids and picklists", async () => {
    const { body } = await t.call("GET", `${DATA}/sobjects/pse__Assignment__c/describe`);
    const { fields } = body as { fields: { name: string; picklistValues: { value: string }[] }[] };
    const field = (name: string) => fields.find((f) => f.name === name);
    expect(field("pse__Start_Date__c")).toMatchObject({ type: "date", calculated: true, updateable: false });
    expect(field("pse__Bill_Rate__c")).toMatchObject({
      type: "currency",
      scale: 4,
      calculated: false,
      updateable: true,
    });
    expect(field("OpsRecon_Key__c")).toMatchObject({ externalId: true, unique: true });
    expect(field("pse__Project__c")).toMatchObject({
      referenceTo: ["pse__Proj__c"],
      relationshipName: "pse__Project__r",
    });
    expect(field("pse__Status__c")?.picklistValues.map((v) => v.value)).toEqual([
      "Tentative",
      "Scheduled",
      "Closed",
    ]);
  });

  it("answers what it does not have as the vendor does, never as a success", async () => {
    for (const path of ["/jobs/query", "/composite", "/tooling/query", "/nope", "/sobjects/Account/a/b/c"]) {
      expect((await t.call("POST", `${DATA}${path}`, {})).status).toBe(404);
    }
  });
});

describe("the day's quota", () => {
  it("is told with every answer and ends in 403 until hours have passed", async () => {
    const first = await t.call("GET", `${DATA}/limits`);
    expect(first.headers.get("sforce-limit-info")).toBe("api-usage=1/50");
    expect(first.body).toMatchObject({ DailyApiRequests: { Max: 50, Remaining: 49 } });
    for (let i = 0; i < 49; i++) await t.call("GET", `${DATA}/limits`);
    const over = await t.call("GET", `${DATA}/limits`);
    expect([over.status, codes(over)]).toEqual([403, ["REQUEST_LIMIT_EXCEEDED"]]);
    t.clock.advance(86_400_000);
    await t.login();
    expect((await t.call("GET", `${DATA}/limits`)).status).toBe(200);
  });
});

it("dates its answers by its own clock", async () => {
  t.clock.advance(5_000);
  expect((await t.call("GET", `${DATA}/limits`)).headers.get("date")).toBe("Fri, 20 Nov 2026 10:00:05 GMT");
});

describe("failures to order", () => {
  const accounts = `${DATA}/query?q=${encodeURIComponent("SELECT Id FROM Account ORDER BY Id")}`;
  const create = () => t.call("POST", `${DATA}/sobjects/Account`, { Name: "Sent once" });
  const sent = () => [...t.org.rows("Account")].filter((r) => r.Name === "Sent once").length;

  it("strike as often as the rule says, where it says, after what it lets through", async () => {
    t.server.faults.add({
      method: "GET",
      path: "FROM Account",
      after: 1,
      times: 2,
      effect: { kind: "unauthorized" },
    });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await t.call("GET", accounts)).status);
    expect(statuses).toEqual([200, 401, 401, 200]);
    expect((await t.call("GET", `${DATA}/limits`)).status).toBe(200);
    expect(t.server.faults.list()).toMatchObject([{ matched: 4, struck: 2 }]);
  });

  it("by chance strike the same requests every time", async () => {
    t.server.faults.add({ probability: 0.5, effect: { kind: "server-error", status: 500 } });
    const statuses: number[] = [];
    for (let i = 0; i < 20; i++) statuses.push((await t.call("GET", accounts)).status);
    expect(new Set(statuses)).toEqual(new Set([200, 500]));
    const again = await startTestOrg();
    again.server.faults.add({ probability: 0.5, effect: { kind: "server-error", status: 500 } });
    const repeat: number[] = [];
    for (let i = 0; i < 20; i++) repeat.push((await again.call("GET", accounts)).status);
    await again.close();
    expect(repeat).toEqual(statuses);
  });

  it("throttle, with or without Retry-After", async () => {
    t.server.faults.add({ times: 1, effect: { kind: "too-many-requests" } });
    const plain = await t.call("GET", accounts);
    expect([plain.status, codes(plain), plain.headers.get("retry-after")]).toEqual([
      403,
      ["REQUEST_LIMIT_EXCEEDED"],
      null,
    ]);
    t.server.faults.add({ times: 1, effect: { kind: "too-many-requests", retryAfter: 7 } });
    expect((await t.call("GET", accounts)).headers.get("retry-after")).toBe("7");
  });

  it("answer a maintenance page, or any answer given", async () => {
    t.server.faults.add({ times: 1, effect: { kind: "server-error", html: true } });
    const page = await t.call("GET", accounts);
    expect([page.status, page.body]).toEqual([503, expect.stringContaining("<html>")]);
    const body = [{ errorCode: "QUERY_TIMEOUT", message: "Your query request was running for too long." }];
    t.server.faults.add({ times: 1, effect: { kind: "answer", status: 400, body } });
    expect(codes(await t.call("GET", accounts))).toEqual(["QUERY_TIMEOUT"]);
  });

  it("cut the line before anything happened, or after it did", async () => {
    t.server.faults.add({ method: "POST", times: 1, effect: { kind: "cut" } });
    await expect(create()).rejects.toThrow();
    expect(sent()).toBe(0);
    t.server.faults.add({ method: "POST", times: 1, effect: { kind: "cut-after-commit" } });
    await expect(create()).rejects.toThrow();
    expect(sent()).toBe(1);
  });

  it("spoil the body: cut in the middle, or not JSON at all", async () => {
    t.server.faults.add({ times: 1, effect: { kind: "truncated" } });
    await expect(t.call("GET", accounts)).rejects.toThrow();
    t.server.faults.add({ times: 1, effect: { kind: "malformed-json" } });
    await expect(t.call("GET", accounts)).rejects.toThrow(SyntaxError);
    expect((await t.call("GET", accounts)).status).toBe(200);
  });

  it("repeat or shuffle the rows of a page", async () => {
    for (let i = 0; i < 5; i++) t.write("Account", null, { Name: `Client ${i}` });
    const ids = async () => ((await t.call("GET", accounts)).body as QueryPage).records.map((r) => r.Id);
    const right = await ids();
    t.server.faults.add({ times: 1, effect: { kind: "duplicate-page" } });
    expect(await ids()).toEqual([...right, ...right]);
    t.server.faults.add({ times: 1, effect: { kind: "shuffled-page" } });
    const shuffled = await ids();
    expect(shuffled).not.toEqual(right);
    expect([...shuffled].sort()).toEqual(right);
  });

  it("answer late", async () => {
    t.server.faults.add({ times: 1, effect: { kind: "slow", ms: 20 } });
    expect((await t.call("GET", accounts)).status).toBe(200);
    expect(t.server.faults.list()[0]?.struck).toBe(1);
  });

  it("take the vendor away until they are lifted, over HTTP as well", async () => {
    const admin = (method: string, body?: unknown) =>
      fetch(`${t.server.url}/__sandbox/faults`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const added = await admin("POST", { add: [{ id: "gone", effect: { kind: "outage" } }] });
    expect(await added.json()).toMatchObject({ faults: [{ id: "gone", matched: 0 }] });
    await expect(t.call("GET", accounts)).rejects.toThrow();
    await expect(t.login()).rejects.toThrow();
    expect(await (await admin("GET")).json()).toMatchObject({ faults: [{ id: "gone", struck: 2 }] });
    await admin("POST", { remove: ["gone"] });
    expect((await t.call("GET", accounts)).status).toBe(200);
    await admin("POST", { add: [{ effect: { kind: "outage" } }] });
    await admin("DELETE");
    expect((await t.call("GET", `${DATA}/sobjects/Account/${firm.account}`)).status).toBe(200);
    expect((await admin("POST", { add: [{ effect: { kind: "nope" } }] })).status).toBe(400);
  });
});
