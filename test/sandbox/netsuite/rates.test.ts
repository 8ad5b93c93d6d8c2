import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fixture, seedFirm, startAccount } from "./fixture.ts";

const SCRIPT = "/app/site/hosting/restlet.nl?script=customscript_recon_rates&deploy=1";

describe("the rate script", () => {
  let ns: Fixture;
  let firm: ReturnType<typeof seedFirm>;
  beforeEach(async () => {
    ns = await startAccount();
    firm = seedFirm(ns);
  });
  afterEach(() => ns.close());

  const change = (over: Record<string, unknown> = {}) => ({
    rateCardId: firm.card,
    billingClassId: firm.billingClass,
    currencyId: firm.usd,
    expected: "200.0",
    value: "225.00",
    remediationId: "rm-17",
    ...over,
  });
  const price = async () => {
    const { body } = await ns.call("GET", `${SCRIPT}&rateCardId=${firm.card}`);
    return (body.lines as { prices: Record<string, string> }[])[0]?.prices;
  };

  it("lists cards page by page with every price", async () => {
    ns.account.write(
      "billingRateCard",
      null,
      { name: "Empty", lines: [] },
      firm.mark("2026-08-20T17:00:00Z"),
    );
    const { body } = await ns.call("GET", `${SCRIPT}&limit=1&offset=0`);
    expect(body).toEqual({
      items: [
        {
          id: firm.card,
          name: "Northwind 2026",
          isInactive: false,
          externalId: "001000000000001AAA",
          currencyMode: "multi",
          lines: [
            {
              billingClassId: firm.billingClass,
              billingClass: "Senior Consultant",
              prices: { [firm.usd]: "200.00", "2": "180.00" },
            },
          ],
        },
      ],
      count: 1,
      offset: 0,
      hasMore: true,
      totalResults: 2,
    });
    expect((await ns.call("GET", `${SCRIPT}&limit=1&offset=1`)).body).toMatchObject({
      hasMore: false,
      count: 1,
    });
  });

  it("sets a price that still is what the caller saw, and no other", async () => {
    expect((await ns.call("PUT", SCRIPT, change())).body).toEqual({
      ok: true,
      before: "200.00",
      after: "225.00",
    });
    expect(await price()).toEqual({ [firm.usd]: "225.00", "2": "180.00" });
  });

  it("answers a stale change with the actual price and changes nothing", async () => {
    ns.account.write(
      "billingRateCard",
      firm.card,
      { lines: [{ billingClassId: firm.billingClass, prices: { [firm.usd]: "210.00" } }] },
      { at: ns.clock.now(), by: "900" },
    );
    const answer = await ns.call("PUT", SCRIPT, change());
    expect([answer.status, answer.body]).toEqual([200, { ok: false, code: "STALE", actual: "210.00" }]);
    expect(await price()).toEqual({ [firm.usd]: "210.00" });
  });

  it("does a remediation once, however often it is asked", async () => {
    const first = await ns.call("PUT", SCRIPT, change());
    const again = await ns.call("PUT", SCRIPT, change());
    expect(again.body).toEqual(first.body);
    const reused = await ns.call("PUT", SCRIPT, change({ expected: "225.00", value: "1.00" }));
    expect(reused.status).toBe(400);
    expect(await price()).toMatchObject({ [firm.usd]: "225.00" });
  });

  it.each([
    ["a card that does not exist", { rateCardId: "99" }, "RCRD_DSNT_EXIST"],
    ["a currency without a price", { currencyId: "9" }, "RATE_LINE_NOT_FOUND"],
    ["a value that is no amount", { value: "lots" }, "INVALID_REQUEST"],
    ["a negative value", { value: "-1" }, "INVALID_REQUEST"],
    ["no remediation id", { remediationId: "" }, "INVALID_REQUEST"],
  ])("refuses %s", async (_, over, code) => {
    const answer = await ns.call("PUT", SCRIPT, change(over));
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error: { code, message: expect.any(String) } });
  });

  it("is one script at one address for two verbs", async () => {
    expect((await ns.call("GET", SCRIPT.replace("recon", "other"))).body).toMatchObject({
      error: { code: "SSS_INVALID_SCRIPTLET_ID" },
    });
    expect((await ns.call("POST", SCRIPT, change())).status).toBe(405);
    expect((await ns.call("GET", SCRIPT, undefined, { authorization: "Bearer no" })).status).toBe(401);
  });
});
