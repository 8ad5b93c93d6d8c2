import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccount } from "#sandbox/netsuite/account";
import { at, type Fixture, refusalOf, startAccount } from "./fixture.ts";

describe("signing in to NetSuite", () => {
  let ns: Fixture;
  beforeAll(async () => {
    ns = await startAccount();
  });
  afterAll(() => ns.close());

  it("sells an hour of access for a signed assertion", async () => {
    const answer = await ns.askToken(await ns.assertion());
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ access_token: expect.any(String), expires_in: 3600, token_type: "Bearer" });
  });

  it("accepts the account's own address as audience", async () => {
    const aud = "https://1234567.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token";
    expect((await ns.askToken(await ns.assertion({ payload: { aud } }))).status).toBe(200);
  });

  it("does not know a client that was never registered", async () => {
    const answer = await ns.askToken(await ns.assertion({ payload: { iss: "stranger" } }));
    expect([answer.status, answer.body]).toEqual([401, { error: "invalid_client" }]);
  });

  it.each([
    ["an unknown certificate", { kid: "cert-9" }],
    ["another audience", { payload: { aud: "https://elsewhere.example/token" } }],
    ["another key's signature", { key: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey }],
    ["an expiry in the past", { payload: { iat: 1_700_000_000, exp: 1_700_000_055 } }],
    ["a life of over an hour", { payload: { exp: Math.floor(Date.parse("2026-11-20T17:00:00Z") / 1000) } }],
    [
      "an algorithm the vendor does not list",
      { alg: "RS256", key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey },
    ],
  ])("refuses an assertion with %s", async (_, change) => {
    const answer = await ns.askToken(await ns.assertion(change));
    expect([answer.status, answer.body]).toEqual([400, { error: "invalid_grant" }]);
  });

  it("takes each assertion once", async () => {
    const once = await ns.assertion();
    expect((await ns.askToken(once)).status).toBe(200);
    expect((await ns.askToken(once)).body).toEqual({ error: "invalid_grant" });
  });

  it("refuses other grants, other scopes and text that is no assertion", async () => {
    const good = await ns.assertion();
    expect((await ns.askToken(good, { grant_type: "password" })).body).toEqual({
      error: "unsupported_grant_type",
    });
    expect((await ns.askToken(await ns.assertion({ payload: { scope: ["everything"] } }))).body).toEqual({
      error: "invalid_scope",
    });
    expect((await ns.askToken("not.a.token")).body).toEqual({ error: "invalid_grant" });
  });

  it("turns away a token that has run out, and a caller with none", async () => {
    await ns.signIn();
    expect((await ns.call("GET", at("job"))).status).toBe(200);
    ns.clock.advance(3_600_000);
    const late = await ns.call("GET", at("job"));
    expect(refusalOf(late)).toMatchObject({ status: 401, code: "INVALID_LOGIN" });
    expect(late.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(late.headers.get("content-type")).toBe("application/vnd.oracle.resource+json; type=error");
    await ns.signIn();
    expect((await ns.call("GET", at("job"))).status).toBe(200);
    expect((await ns.call("GET", at("job"), undefined, { authorization: "" })).status).toBe(401);
  });

  it("keeps a token to the scopes it was sold for", async () => {
    const { body } = await ns.askToken(await ns.assertion({ payload: { scope: ["restlets"] } }));
    const answer = await ns.call("GET", at("job"), undefined, {
      authorization: `Bearer ${String(body.access_token)}`,
    });
    expect(refusalOf(answer)).toMatchObject({ status: 403, code: "INSUFFICIENT_PERMISSION" });
  });

  it("takes a PS256 assertion when the certificate is an RSA one in PEM", async () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const publicKey = rsa.publicKey.export({ type: "spki", format: "pem" }).toString();
    const other = await startAccount({ certificate: { kid: "cert-2", publicKey } });
    try {
      const answer = await other.askToken(
        await other.assertion({ alg: "PS256", kid: "cert-2", key: rsa.privateKey }),
      );
      expect(answer.status).toBe(200);
    } finally {
      await other.close();
    }
  });

  it("does not open an account whose certificate cannot be read", () => {
    const options = { clock: ns.clock, accountId: "1", timeZone: "UTC", clientId: "c" };
    expect(() => createAccount({ ...options, certificate: { kid: "k", publicKey: "no key" } })).toThrow(
      /public key/,
    );
  });
});
