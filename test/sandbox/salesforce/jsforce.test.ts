/** The vendor's own client library finds nothing to complain about: it logs in, pages, reads, writes and understands refusals. */
import { Connection } from "jsforce";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CLIENT, type Staffed, staff, startTestOrg, type TestOrg } from "./org-server.ts";

let t: TestOrg;
let firm: Staffed;
let connection: Connection;

beforeAll(async () => {
  t = await startTestOrg({ pageSize: 200 });
  firm = staff(t);
  for (let i = 0; i < 450; i++)
    t.write("Account", null, { Name: `Client ${i}`, ERP_Customer_Id__c: `C${i}` });
  connection = new Connection({
    version: "66.0",
    instanceUrl: t.server.url,
    oauth2: { clientId: CLIENT.id, clientSecret: CLIENT.secret, loginUrl: t.server.url },
  });
  const user = await connection.authorize({ grant_type: "client_credentials" });
  expect(user.id).toBe(t.org.apiUserId);
});
afterAll(() => t.close());

it("reads past the first page by following locators", async () => {
  const names: string[] = [];
  const query = connection.query<{ Name: string }>("SELECT Id, Name FROM Account ORDER BY Name, Id");
  await new Promise<void>((resolve, reject) => {
    query.on("record", (r: { Name: string }) => names.push(r.Name));
    query.on("end", () => resolve());
    query.on("error", reject);
    query.run({ autoFetch: true, maxFetch: 1000 });
  });
  expect(names).toHaveLength(451);
  expect(new Set(names).size).toBe(451);
});

it("shows deleted rows only to scanAll", async () => {
  const id = t.write("Account", null, { Name: "Closed for good" });
  await connection.sobject("Account").destroy(id);
  const soql = "SELECT Id, IsDeleted FROM Account WHERE Name = 'Closed for good'";
  expect((await connection.query(soql)).records).toEqual([]);
  const all = await connection.query(soql, { scanAll: true });
  expect(all.records.map((r) => [r.Id, r.IsDeleted])).toEqual([[id, true]]);
});

it("creates, updates and reads a row", async () => {
  const made = await connection.sobject("Account").create({ Name: "Made by a client library" });
  expect(made.success).toBe(true);
  await connection.sobject("Account").update({ Id: made.id as string, AccountNumber: "C-1" });
  const row = await connection.sobject("Account").retrieve(made.id as string);
  expect(row).toMatchObject({ Name: "Made by a client library", AccountNumber: "C-1", IsDeleted: false });
  expect((await connection.sobject("Account").describe()).fields.find((f) => f.name === "Name")?.type).toBe(
    "string",
  );
});

it("upserts by external id and updates in collections", async () => {
  await connection
    .sobject("Account")
    .upsert({ Name: "Renamed", ERP_Customer_Id__c: "C7" }, "ERP_Customer_Id__c");
  expect(
    (await connection.query("SELECT Name FROM Account WHERE ERP_Customer_Id__c = 'C7'")).records[0]?.Name,
  ).toBe("Renamed");
  const results = await connection.sobject("pse__Assignment__c").update([
    { Id: firm.assignment, pse__Bill_Rate__c: 230 },
    { Id: firm.assignment, pse__Bill_Rate__c: null },
  ]);
  expect(results.map((r) => r.success)).toEqual([true, false]);
});

it("raises a validation rule's message as an error", async () => {
  await expect(
    connection.sobject("pse__Assignment__c").update({ Id: firm.assignment, pse__Bill_Rate__c: null }),
  ).rejects.toMatchObject({
    errorCode: "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    message: "Assignment requires a Bill Rate.",
  });
});

it("replicates: updated and deleted ids with the date they are covered to", async () => {
  const id = t.write("Contact", null, { LastName: "Leaver" }, "2026-11-20T09:10:00Z");
  t.org.remove("Contact", id, { at: Date.parse("2026-11-20T09:20:00Z"), by: firm.person });
  const window: [string, string] = ["2026-11-20T09:00:00Z", "2026-11-20T09:30:00Z"];
  const updated = await connection.sobject("pse__Schedule__c").updated("2026-10-31T00:00:00Z", window[1]);
  expect(updated.ids).toEqual([firm.schedule]);
  const deleted = await connection.sobject("Contact").deleted(...window);
  expect(deleted.deletedRecords).toEqual([{ id, deletedDate: "2026-11-20T09:20:00.000+0000" }]);
});
