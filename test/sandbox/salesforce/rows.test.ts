/** Writing through the API: what the vendor does, and every way it refuses. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codes, DATA, type Staffed, staff, startTestOrg, type TestOrg } from "./org-server.ts";

let t: TestOrg;
let firm: Staffed;
beforeEach(async () => {
  t = await startTestOrg();
  firm = staff(t);
});
afterEach(() => t.close());

const row = (type: string, id = "") => `${DATA}/sobjects/${type}${id === "" ? "" : `/${id}`}`;
const week = () => ({
  pse__Resource__c: firm.person,
  pse__Project__c: firm.project,
  pse__Assignment__c: firm.assignment,
  pse__Start_Date__c: "2026-11-08",
  pse__End_Date__c: "2026-11-14",
  pse__Monday_Hours__c: 8,
  pse__Billable__c: true,
  pse__Bill_Rate__c: 225,
});

describe("one record", () => {
  it("is created with 201, read with Last-Modified, changed with 204, deleted with 204", async () => {
    const made = await t.call("POST", row("Account"), { Name: "New client", Legal_Entity__c: "GB01" });
    expect([made.status, made.body]).toEqual([201, { id: expect.any(String), success: true, errors: [] }]);
    const { id } = made.body as { id: string };
    expect(made.headers.get("location")).toBe(row("Account", id));
    expect((await t.call("PATCH", row("Account", id.slice(0, 15)), { AccountNumber: "C-2" })).status).toBe(
      204,
    );
    const read = await t.call("GET", row("Account", id));
    expect(read.headers.get("last-modified")).toBe("Fri, 20 Nov 2026 10:00:00 GMT");
    expect(read.body).toMatchObject({
      Id: id,
      Name: "New client",
      AccountNumber: "C-2",
      CreatedById: t.org.apiUserId,
    });
    expect((await t.call("GET", `${row("Account", id)}?fields=Name`)).body).toEqual({
      attributes: { type: "Account", url: row("Account", id) },
      Name: "New client",
    });
    expect((await t.call("DELETE", row("Account", id))).status).toBe(204);
    expect(codes(await t.call("PATCH", row("Account", id), { Name: "x" }))).toEqual(["ENTITY_IS_DELETED"]);
    expect(codes(await t.call("DELETE", row("Account", "001000000000000AAA")))).toEqual(["NOT_FOUND"]);
  });

  it("is not changed when somebody changed it since the date the caller read it at", async () => {
    const path = row("pse__Schedule__c", firm.schedule);
    const readAt = (await t.call("GET", path)).headers.get("last-modified") ?? "";
    const guarded = (at: string) =>
      t.call("PATCH", path, { pse__End_Date__c: "2026-12-20" }, { "If-Unmodified-Since": at });
    t.write("pse__Schedule__c", firm.schedule, { pse__End_Date__c: "2026-12-13" }, "2026-11-19T08:00:00Z");
    expect((await guarded(readAt)).status).toBe(412);
    expect(t.org.get("pse__Schedule__c", firm.schedule)?.pse__End_Date__c).toBe("2026-12-13");
    expect((await guarded("not a date")).status).toBe(400);
    expect((await guarded("Thu, 19 Nov 2026 08:00:00 GMT")).status).toBe(204);
    expect(t.org.get("pse__Assignment__c", firm.assignment)?.pse__End_Date__c).toBe("2026-12-20");
  });

  it.each<[string, string, unknown, string, string[]]>([
    ["an unknown field", "Account", { Name: "x", Nope__c: 1 }, "INVALID_FIELD", []],
    ["a missing required field", "Account", { AccountNumber: "1" }, "REQUIRED_FIELD_MISSING", ["Name"]],
    ["text where a number belongs", "Opportunity", { Amount: "many" }, "JSON_PARSER_ERROR", []],
    ["a day that does not exist", "Opportunity", { CloseDate: "2026-02-30" }, "JSON_PARSER_ERROR", []],
    ["text too long", "Account", { Name: "x".repeat(256) }, "STRING_TOO_LONG", ["Name"]],
    [
      "a value outside a restricted list",
      "Account",
      { Name: "x", Legal_Entity__c: "FR01" },
      "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
      ["Legal_Entity__c"],
    ],
    [
      "a parent that is not there",
      "Account",
      { Name: "x", ParentId: "001000000000000AAA" },
      "INVALID_CROSS_REFERENCE_KEY",
      [],
    ],
    ["something that is no id", "Account", { Name: "x", ParentId: "nope" }, "MALFORMED_ID", ["ParentId"]],
    [
      "a formula",
      "pse__Assignment__c",
      { pse__Start_Date__c: "2026-01-01" },
      "INVALID_FIELD_FOR_INSERT_UPDATE",
      ["pse__Start_Date__c"],
    ],
    [
      "a stamp",
      "Account",
      { Name: "x", SystemModstamp: "2026-01-01T00:00:00Z" },
      "INVALID_FIELD_FOR_INSERT_UPDATE",
      ["SystemModstamp"],
    ],
    [
      "hours beyond what the field holds",
      "pse__Timecard_Header__c",
      { pse__Monday_Hours__c: 100 },
      "NUMBER_OUTSIDE_VALID_RANGE",
      ["pse__Monday_Hours__c"],
    ],
    ["half a document", "Account", '{"Name": ', "JSON_PARSER_ERROR", []],
  ])("refuses %s", async (_what, type, body, code, fields) => {
    const answer = await t.call("POST", row(type), body);
    expect([answer.status, codes(answer)]).toEqual([400, [code]]);
    expect((answer.body as { fields?: string[] }[])[0]?.fields ?? []).toEqual(fields);
  });

  it("refuses a second row with a unique value", async () => {
    const answer = await t.call("POST", row("pse__Proj__c"), { Name: "Copy", Project_Code__c: "nwc-014" });
    expect(answer.body).toEqual([
      {
        message: `duplicate value found: Project_Code__c duplicates value on record with id: ${firm.project}`,
        errorCode: "DUPLICATE_VALUE",
        fields: [],
      },
    ]);
  });

  it("refuses bodies that are not JSON, and methods and objects it does not have", async () => {
    const xml = await t.call("POST", row("Account"), "<Account/>", { "content-type": "application/xml" });
    expect(xml.status).toBe(415);
    expect((await t.call("PUT", row("Account", firm.account), {})).status).toBe(405);
    expect((await t.call("GET", row("Nope__c", "1"))).status).toBe(404);
    expect(codes(await t.call("POST", row("AccountHistory"), {}))).toEqual([
      "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    ]);
  });
});

describe("validation rules of the package", () => {
  const post = async (change: Record<string, unknown>) => {
    const answer = await t.call("POST", row("pse__Timecard_Header__c"), { ...week(), ...change });
    if (answer.status === 201) return "saved";
    expect(codes(answer)).toEqual(["FIELD_CUSTOM_VALIDATION_EXCEPTION"]);
    return (answer.body as { message: string }[])[0]?.message;
  };

  it("accept an ordinary week", async () => expect(await post({})).toBe("saved"));

  it.each<[Record<string, unknown>, string]>([
    [{ pse__End_Date__c: "2026-11-15" }, "Timecard Header must span 1 week (7 days inclusive)."],
    [{ pse__Monday_Hours__c: 25 }, "No individual day for a single line can be more than 24 hours"],
    [{ pse__Monday_Hours__c: -1 }, "No individual day for a single line can be less than 0 hours"],
    [
      { pse__Approved__c: true },
      "For a Timecard to be marked as Approved, it must also be marked as Submitted.",
    ],
    [{ pse__Assignment__c: null }, "Timecards for this Project and/or Resource require an Assignment."],
    [
      { pse__Status__c: "Saved", pse__Billed__c: true },
      "For a Timecard to be marked as Billed, it must also be marked as Included in Financials and Approved.",
    ],
  ])("refuse a timecard with %j", async (change, message) => {
    expect(await post(change)).toBe(message);
  });

  it("refuse a timecard on another project or person than its assignment's", async () => {
    const project = t.write("pse__Proj__c", null, { Name: "Other", pse__Is_Billable__c: true });
    expect(await post({ pse__Project__c: project })).toContain("Project must match");
    const person = t.write("Contact", null, { LastName: "Other" });
    expect(await post({ pse__Resource__c: person })).toContain("Resource must match");
  });

  it("let an admin move a timecard only with the switch and a reason in the same save", async () => {
    const made = await t.call("POST", row("pse__Timecard_Header__c"), week());
    const path = row("pse__Timecard_Header__c", (made.body as { id: string }).id);
    const project = t.write("pse__Proj__c", null, {
      Name: "Other",
      pse__Is_Billable__c: true,
      pse__Allow_Timecards_Without_Assignment__c: true,
    });
    const move = { pse__Project__c: project, pse__Assignment__c: null };
    const refused = await t.call("PATCH", path, move);
    expect(refused.body).toMatchObject([{ fields: ["pse__Project__c"] }]);
    const noted = {
      ...move,
      pse__Admin_Global_Edit__c: true,
      pse__Audit_Notes__c: "Booked on the wrong project",
    };
    expect((await t.call("PATCH", path, noted)).status).toBe(204);
  });

  it.each<[Record<string, unknown>, string[]]>([
    [{ pse__Bill_Rate__c: null }, ["Assignment requires a Bill Rate."]],
    [{ pse__Is_Billable__c: false }, ["Bill Rate must be zero for a non-billable Assignment."]],
    [{ CurrencyIsoCode: "EUR" }, ["Assignment Currency may not be updated."]],
    [
      { pse__Bill_Rate__c: null, CurrencyIsoCode: "EUR" },
      ["Assignment requires a Bill Rate.", "Assignment Currency may not be updated."],
    ],
  ])("refuse an assignment with %j, every broken rule at once", async (change, messages) => {
    const answer = await t.call("PATCH", row("pse__Assignment__c", firm.assignment), change);
    expect((answer.body as { message: string }[]).map((e) => e.message)).toEqual(messages);
  });

  it("keep an assignment on its project and schedule, and its person an active resource", async () => {
    const project = t.write("pse__Proj__c", null, { Name: "Other", pse__Is_Billable__c: true });
    const schedule = t.write("pse__Schedule__c", null, {});
    const person = t.write("Contact", null, { LastName: "Left", pse__Is_Resource__c: true });
    for (const change of [
      { pse__Project__c: project },
      { pse__Schedule__c: schedule },
      { pse__Resource__c: person },
    ]) {
      const answer = await t.call("PATCH", row("pse__Assignment__c", firm.assignment), change);
      expect(codes(answer)).toEqual(["FIELD_CUSTOM_VALIDATION_EXCEPTION"]);
    }
  });

  it("keep dates in order on projects, schedules and rate cards", async () => {
    const backwards = { pse__Start_Date__c: "2027-04-01", pse__End_Date__c: "2026-01-01" };
    const answers = [
      await t.call("PATCH", row("pse__Proj__c", firm.project), backwards),
      await t.call("PATCH", row("pse__Schedule__c", firm.schedule), backwards),
      await t.call("POST", row("pse__Rate_Card__c"), {
        ...backwards,
        pse__Role__c: "Architect",
        pse__Suggested_Bill_Rate__c: 250,
        pse__Average_Cost_Rate__c: 100,
      }),
    ];
    for (const answer of answers) expect(codes(answer)).toEqual(["FIELD_CUSTOM_VALIDATION_EXCEPTION"]);
  });
});

describe("upsert by external id", () => {
  const path = (value: string) => `${row("Account")}/ERP_Customer_Id__c/${value}`;

  it("creates once, updates after that, and only updates when told to", async () => {
    expect((await t.call("PATCH", `${path("77")}?updateOnly=true`, { Name: "x" })).status).toBe(404);
    const made = await t.call("PATCH", path("77"), { Name: "Upserted" });
    expect([made.status, made.body]).toMatchObject([201, { success: true, created: true }]);
    const again = await t.call("PATCH", path("77"), { Name: "Upserted twice" });
    expect([again.status, again.body]).toMatchObject([
      200,
      { created: false, id: (made.body as { id: string }).id },
    ]);
    expect((await t.call("GET", path("77"))).body).toMatchObject({
      Name: "Upserted twice",
      ERP_Customer_Id__c: "77",
    });
  });

  it("does nothing when several rows share the value, and names them", async () => {
    const twins = [1, 2].map((n) =>
      t.write("Contact", null, { LastName: `Twin ${n}`, pse__ERP_Worker_Correlation_Id__c: "E-1" }),
    );
    const answer = await t.call("PATCH", `${row("Contact")}/pse__ERP_Worker_Correlation_Id__c/E-1`, {
      LastName: "x",
    });
    expect([answer.status, answer.body]).toEqual([300, twins.map((id) => row("Contact", id))]);
    expect(t.org.get("Contact", twins[0] ?? "")?.LastName).toBe("Twin 1");
  });

  it("refuses a field that is no external id, and the key repeated in the body", async () => {
    expect(codes(await t.call("PATCH", `${row("Account")}/Phone/1`, { Name: "x" }))).toEqual(["NOT_FOUND"]);
    expect(codes(await t.call("PATCH", path("9"), { Name: "x", ERP_Customer_Id__c: "9" }))).toEqual([
      "INVALID_FIELD",
    ]);
  });
});

describe("collections", () => {
  const good = (n: number) => ({ attributes: { type: "Account" }, Name: `Bulk ${n}` });
  const bad = { attributes: { type: "Account" }, AccountNumber: "no name" };
  const path = `${DATA}/composite/sobjects`;

  it("answer 200 and tell each record's fate", async () => {
    const answer = await t.call("POST", path, { records: [good(1), bad, good(2)] });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual([
      { id: expect.any(String), success: true, errors: [] },
      {
        success: false,
        errors: [
          {
            statusCode: "REQUIRED_FIELD_MISSING",
            message: "Required fields are missing: [Name]",
            fields: ["Name"],
          },
        ],
      },
      { id: expect.any(String), success: true, errors: [] },
    ]);
  });

  it("do all or nothing when asked to", async () => {
    const answer = await t.call("POST", path, { allOrNone: true, records: [good(1), bad] });
    const fates = (answer.body as { errors: { statusCode: string }[] }[]).map((r) => r.errors[0]?.statusCode);
    expect(fates).toEqual(["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]);
    expect((await t.query("SELECT Id FROM Account WHERE Name LIKE 'Bulk%'")).totalSize).toBe(0);
  });

  it("refuse more than 200 records and records without a type", async () => {
    const many = Array.from({ length: 201 }, (_, i) => good(i));
    expect((await t.call("POST", path, { records: many })).status).toBe(400);
    expect(codes(await t.call("POST", path, { records: [{ Name: "x" }] }))).toEqual(["INVALID_TYPE"]);
  });

  it("upsert, retrieve and delete", async () => {
    const records = [
      { attributes: { type: "Account" }, ERP_Customer_Id__c: "1", Name: "One" },
      { attributes: { type: "Account" }, ERP_Customer_Id__c: "2" },
    ];
    const upserted = await t.call("PATCH", `${path}/Account/ERP_Customer_Id__c`, { records });
    expect((upserted.body as { success: boolean }[]).map((r) => r.success)).toEqual([true, false]);
    const id = (upserted.body as { id: string }[])[0]?.id ?? "";
    const read = await t.call("GET", `${path}/Account?ids=${id},001000000000000AAA&fields=Name`);
    expect(read.body).toMatchObject([{ Name: "One" }, null]);
    const gone = await t.call("DELETE", `${path}?ids=${id},${id}`);
    expect((gone.body as { success: boolean }[]).map((r) => r.success)).toEqual([true, false]);
  });
});
