import { afterEach, describe, expect, it } from "vitest";
import { msOf } from "#core/time";
import { salesforce } from "#ingest/salesforce/index";
import { changesOf, mapAll, readAll, SOMEBODY, salesforceWorld, type World } from "./org.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const open = async (
  ...args: [settings?: Record<string, unknown>, options?: { pageSize?: number; tokenTtlMs?: number }]
) => {
  world = await salesforceWorld(salesforce, ...args);
  return world;
};
const minute = (n: number) => `2026-11-12T10:${String(n).padStart(2, "0")}:00.000Z`;

describe("what Salesforce's records become", () => {
  it("makes accounts clients, with the firm's own codes for its entities", async () => {
    const w = await open();
    const id = w.put(
      "Account",
      null,
      { Name: "Northwind", CurrencyIsoCode: "GBP", Legal_Entity__c: "US-01", Status__c: "Inactive" },
      minute(1),
    );
    const stream = w.stream("Account");
    expect(mapAll(stream, (await readAll(stream)).records)).toEqual([
      {
        entity: "customer",
        nativeId: id,
        key: id,
        keys: {},
        data: {
          name: "Northwind",
          legal_entity: "US01",
          currency: "GBP",
          is_active: false,
          parent_ref: "",
          tax_number: "",
          rate_card_ref: "",
        },
      },
    ]);
  });

  it("makes sales, contracts, amendments and rates that point at each other by agreed keys", async () => {
    const w = await open();
    const account = w.put("Account", null, { Name: "Northwind", CurrencyIsoCode: "USD" }, minute(1));
    const contract = w.put(
      "Contract",
      null,
      {
        AccountId: account,
        Status: "Activated",
        StartDate: "2026-10-01",
        EndDate: "2027-09-30",
        Value__c: "480000",
        CurrencyIsoCode: "USD",
        Legal_Entity__c: "US-01",
        Signed_Date__c: "2026-09-28",
      },
      minute(2),
    );
    const opportunity = w.put(
      "Opportunity",
      null,
      {
        Name: "Rollout",
        AccountId: account,
        ContractId: contract,
        StageName: "Closed Won",
        IsWon: true,
        IsClosed: true,
        Amount: "480000.55",
        CloseDate: "2026-09-30",
        CurrencyIsoCode: "USD",
      },
      minute(3),
    );
    const amendment = w.put(
      "Contract_Amendment__c",
      null,
      {
        Contract__c: contract,
        Name: "A-1",
        Status__c: "Draft",
        Effective_Date__c: "2026-12-01",
        End_Date__c: "2027-12-31",
        Value__c: "20000",
        CurrencyIsoCode: "USD",
      },
      minute(4),
    );
    const rate = w.put(
      "Contract_Rate__c",
      null,
      {
        Contract__c: contract,
        Account__c: account,
        Role__c: "Consultant",
        Rate__c: "225.1250",
        CurrencyIsoCode: "USD",
        Start_Date__c: "2026-10-01",
        Status__c: "Signed",
      },
      minute(5),
    );
    const mapped = async (name: string) => mapAll(w.stream(name), (await readAll(w.stream(name))).records);
    expect(await mapped("Contract")).toMatchObject([
      {
        nativeId: contract,
        key: contract,
        keys: { customer_key: account },
        data: {
          is_signed: true,
          start_on: "2026-10-01",
          end_on: "2027-09-30",
          value: "480000",
          legal_entity: "US01",
          signed_on: "2026-09-28",
          amends_ref: "",
        },
      },
    ]);
    expect(await mapped("Opportunity")).toMatchObject([
      {
        nativeId: opportunity,
        keys: { customer_key: account, contract_key: contract },
        data: { is_won: true, amount: "480000.55", close_on: "2026-09-30" },
      },
    ]);
    expect(await mapped("Contract_Amendment__c")).toMatchObject([
      {
        nativeId: amendment,
        key: amendment,
        keys: { customer_key: account, amends_key: contract },
        data: { number: "A-1", is_signed: false, legal_entity: "US01", signed_on: "1970-01-01" },
      },
    ]);
    expect(await mapped("Contract_Rate__c")).toMatchObject([
      {
        nativeId: rate,
        keys: { customer_key: account },
        data: {
          role_name: "Consultant",
          rate: "225.125",
          effective_from: "2026-10-01",
          effective_to: "1970-01-01",
          is_signed: true,
        },
      },
    ]);
  });

  it("turns field history into changes of canonical fields, with the actor", async () => {
    const w = await open({ integrationUsers: ["005Hs000000000qAAA"] });
    const account = w.put("Account", null, { Name: "Northwind", CurrencyIsoCode: "USD" }, minute(1));
    const id = w.put(
      "Opportunity",
      null,
      { Name: "Rollout", AccountId: account, StageName: "Proposal", CloseDate: "2026-09-30", Amount: "1000" },
      minute(2),
    );
    w.put("Opportunity", id, { StageName: "Closed Won", Amount: "1200.5" }, minute(3));
    w.org.write(
      "Opportunity",
      id,
      { CloseDate: "2026-10-01" },
      { at: msOf(minute(4)), by: "005Hs000000000qAAA" },
    );
    const stream = w.stream("OpportunityFieldHistory");
    const changes = changesOf(stream, (await readAll(stream)).records).filter(
      (c) => c.field !== "raw:created",
    );
    expect(changes).toHaveLength(3);
    expect(changes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          entity: "opportunity",
          nativeId: id,
          field: "stage",
          oldValue: "Proposal",
          newValue: "Closed Won",
          actor: SOMEBODY,
          actorKind: "person",
          changedAt: minute(3),
        }),
        expect.objectContaining({
          field: "amount",
          oldValue: "1000",
          newValue: "1200.5",
          actorKind: "person",
        }),
        expect.objectContaining({
          field: "close_on",
          oldValue: "2026-09-30",
          newValue: "2026-10-01",
          actorKind: "integration",
        }),
      ]),
    );
  });

  it("rejects what cannot be understood, naming the field, and never throws", async () => {
    const w = await open();
    const row = {
      Id: "a0RHs000000000pAAA",
      LastModifiedDate: "2026-11-12T10:00:00.000+0000",
      Rate__c: 225,
      Start_Date__c: "2026-10-01",
    };
    const map = (change: object) => w.stream("Contract_Rate__c").map({ ...row, ...change });
    expect(map({})).toMatchObject({ ok: true });
    expect(map({ Rate__c: "two hundred" })).toMatchObject({
      ok: false,
      reason: "bad-number",
      detail: expect.stringContaining("Rate__c"),
    });
    expect(map({ Rate__c: null })).toMatchObject({ ok: false, reason: "bad-number" });
    expect(map({ Rate__c: -1 })).toMatchObject({ ok: false, reason: "out-of-range" });
    expect(map({ Start_Date__c: "2026-02-30" })).toMatchObject({ ok: false, reason: "bad-date" });
    expect(map({ Role__c: { name: "Consultant" } })).toMatchObject({ ok: false, reason: "wrong-shape" });
    for (const stream of w.source.streams)
      for (const junk of [
        null,
        undefined,
        7,
        "x",
        [],
        {},
        { Id: 5 },
        { Id: null, LastModifiedDate: "soon" },
        { Id: "x", CreatedDate: {} },
      ]) {
        expect(() => stream.map(junk)).not.toThrow();
        expect(stream.identify(junk).ok).toBe(false);
      }
  });
});
