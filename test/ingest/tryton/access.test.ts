import { afterEach, describe, expect, it } from "vitest";
import { translate, versionOf } from "#ingest/translate";
import { mapAll, readAll, trytonWorld, type World } from "./world.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const open = async (...args: Parameters<typeof trytonWorld>) => {
  world = await trytonWorld(...args);
  return world;
};

describe("a server without some modules", () => {
  it("does without fields of modules that are not active", async () => {
    const w = await open();
    for (const [model, field] of [
      ["timesheet.line", "invoice_line"],
      ["project.work", "list_price"],
      ["project.work", "product"],
      ["party.party", "sale_price_list"],
    ] as const)
      w.fake.without(model, field);
    expect(
      mapAll(w.stream("timesheet.line"), (await readAll(w.stream("timesheet.line"))).records)[0],
    ).toMatchObject({
      data: { is_invoiced: false },
    });
    const works = await readAll(w.stream("project.work"));
    expect(mapAll(w.stream("project.work"), works.records).some((r) => r.entity === "rate_line")).toBe(false);
    expect((await readAll(w.stream("project.work"), works.bookmark)).ids).toEqual([]);
    expect(
      mapAll(w.stream("party.party"), (await readAll(w.stream("party.party"))).records)[0],
    ).toMatchObject({
      data: { rate_card_ref: "" },
    });
  });

  it("names the setting that switches a stream off when its model is not there", async () => {
    const w = await open();
    w.fake.without("project.allocation");
    await expect(readAll(w.stream("project.allocation"))).rejects.toMatchObject({
      code: "tryton.no-model",
      recovery: "reconfigure",
      userMessage: expect.stringContaining("set allocations: false"),
    });
    const without = await trytonWorld(
      "erp",
      { allocations: false, priceLists: false, invoices: false },
      w.fake,
    );
    expect(without.source.streams.map((s) => s.name)).toEqual([
      "party.party",
      "company.employee",
      "project.work",
      "timesheet.line",
      "party.party.history",
      "company.employee.history",
      "project.work.history",
      "timesheet.line.history",
    ]);
  });

  it("never takes a field that the user is not shown for one that is not there", async () => {
    const w = await open();
    w.fake.forbid("account.invoice.line");
    await expect(readAll(w.stream("timesheet.line"))).rejects.toMatchObject({
      code: "tryton.no-field",
      userMessage: expect.stringMatching(/not shown invoice_line.*docs\/connect\/tryton\.md/),
    });
    await expect(readAll(w.stream("account.invoice.line"))).rejects.toMatchObject({
      code: "tryton.forbidden",
    });
  });

  it("names a field that the settings name and that does not exist, with what there is", async () => {
    const w = await open("erp", { approvalField: "aproval" });
    await expect(readAll(w.stream("timesheet.line"))).rejects.toMatchObject({
      userMessage: expect.stringMatching(/no field "aproval".*It has .*employee/),
    });
  });

  it("tells what it does not hold by what it is set to read", async () => {
    const w = await open("erp", { costPrices: false, projectInvoicing: false });
    expect(w.source.lacks).toMatchObject({
      resource: expect.arrayContaining(["cost_rate", "role_name"]),
      project: expect.arrayContaining(["start_on", "end_on", "manager"]),
      time_entry: expect.arrayContaining(["is_invoiced"]),
    });
    expect((await trytonWorld("erp", {}, w.fake)).source.lacks?.resource).not.toContain("cost_rate");
  });
});

describe("getting into Tryton", () => {
  it("logs in once for many calls, and once more when the session has ended", async () => {
    const w = await open();
    await readAll(w.stream("party.party"));
    await readAll(w.stream("project.work"));
    expect(w.fake.called("common.db.login")).toBe(1);
    w.fake.expire();
    await Promise.all([readAll(w.stream("party.party")), readAll(w.stream("project.work"))]);
    expect(w.fake.called("common.db.login")).toBe(2);
  });

  it("tries a wrong password once, whatever is asked, so that the user is not locked out", async () => {
    const w = await open("erp", { password: "a-wrong-password" });
    for (const name of ["party.party", "project.work", "timesheet.line"])
      await expect(readAll(w.stream(name))).rejects.toMatchObject({
        code: "tryton.wrong-password",
        recovery: "reconfigure",
        userMessage: expect.stringContaining("integration"),
      });
    expect(w.fake.called("common.db.login")).toBe(1);
    w.clock.advance(600_000);
    await expect(readAll(w.stream("party.party"))).rejects.toMatchObject({ code: "tryton.wrong-password" });
    expect(w.fake.called("common.db.login")).toBe(2);
  });

  it("says so when the user is locked out, and waits", async () => {
    const w = await open("erp", { password: "a-wrong-password" });
    for (let n = 0; n < 5; n++) {
      await expect(readAll(w.stream("party.party"))).rejects.toMatchObject({ code: "tryton.wrong-password" });
      w.clock.advance(600_000);
    }
    for (let n = 0; n < 2; n++)
      await expect(readAll(w.stream("party.party"))).rejects.toMatchObject({
        code: "tryton.locked-out",
        userMessage: expect.stringContaining("too often"),
      });
    expect(w.fake.called("common.db.login")).toBe(6);
  });

  it("says which database is not there, and what was not allowed", async () => {
    const w = await open("erp", { database: "nowhere" });
    await expect(readAll(w.stream("party.party"))).rejects.toMatchObject({
      code: "tryton.no-database",
      userMessage: expect.stringContaining('"nowhere"'),
    });
    const other = await trytonWorld("erp", {}, w.fake);
    w.fake.forbid("project.work");
    await expect(readAll(other.stream("project.work"))).rejects.toMatchObject({
      code: "tryton.forbidden",
      userMessage: expect.stringContaining('You are not allowed to access "project.work".'),
    });
  });

  it("keeps a record that cannot be understood, with its reason", async () => {
    const w = await open();
    const stream = w.stream("product.price_list.line");
    const { records } = await readAll(stream);
    expect(translate(stream, versionOf("tryton", stream, records[6]))).toMatchObject({
      ok: false,
      reason: "unknown-value",
    });
  });
});
