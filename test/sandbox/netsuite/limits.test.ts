import { afterEach, describe, expect, it } from "vitest";
import { at, type Fixture, refusalOf, seedFirm, startAccount } from "./fixture.ts";

const SCRIPT = "/app/site/hosting/restlet.nl?script=customscript_recon_rates&deploy=1";

describe("NetSuite under pressure", () => {
  let ns: Fixture;
  afterEach(() => ns.close());

  it("blocks what exceeds the account's concurrency, in its own odd words, and recovers", async () => {
    let release = () => {};
    let arrived = 0;
    let bothIn = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const held = new Promise<void>((resolve) => {
      bothIn = resolve;
    });
    ns = await startAccount(
      { concurrency: 2 },
      {
        work: () => {
          arrived += 1;
          if (arrived === 2) bothIn();
          return gate;
        },
      },
    );
    const waiting = [ns.call("GET", at("job")), ns.call("GET", at("job"))];
    await held;
    const blocked = await ns.call("GET", at("job"));
    expect(blocked.body).toMatchObject({ title: "Bad Request", status: 429, "o:errorCode": "USER_ERROR" });
    expect(refusalOf(blocked)).toMatchObject({ status: 429, code: "CONCURRENCY_LIMIT_EXCEEDED" });
    expect(blocked.headers.get("retry-after")).toBeNull();
    const script = await ns.call("GET", SCRIPT);
    expect([script.status, script.body]).toMatchObject([
      400,
      { error: { code: "SSS_REQUEST_LIMIT_EXCEEDED" } },
    ]);
    release();
    expect((await Promise.all(waiting)).map((a) => a.status)).toEqual([200, 200]);
    expect((await ns.call("GET", at("job"))).status).toBe(200);
  });

  it("says how many requests it takes at once", async () => {
    ns = await startAccount({ concurrency: 15 });
    const { body } = await ns.call("GET", "/services/rest/system/v1/governanceLimits");
    expect(body).toEqual({
      accountConcurrencyLimit: 15,
      accountUnallocatedConcurrencyLimit: 15,
      integrationLimitType: "accountLimit",
    });
  });

  it("fails on demand in the vendor's words, and commits what it is then silent about", async () => {
    ns = await startAccount();
    const firm = seedFirm(ns);
    ns.faults.add({ path: "/job", times: 1, effect: { kind: "server-error" } });
    ns.faults.add({ path: "/customer", times: 1, effect: { kind: "unauthorized" } });
    ns.faults.add({ method: "PUT", times: 1, effect: { kind: "cut-after-commit" } });
    expect(refusalOf(await ns.call("GET", at("job")))).toMatchObject({
      status: 500,
      code: "UNEXPECTED_ERROR",
    });
    expect((await ns.call("GET", at("job"))).status).toBe(200);
    expect(refusalOf(await ns.call("GET", at("customer")))).toMatchObject({
      status: 401,
      code: "INVALID_LOGIN",
    });
    const body = { employee: { id: firm.employee }, hours: "1:00" };
    await expect(ns.call("PUT", at("timeBill/eid:t-1"), body)).rejects.toThrow();
    expect((await ns.call("GET", at("timeBill/eid:t-1"))).status).toBe(200);
  });
});
