import { afterEach, describe, expect, it } from "vitest";
import { trytonWorld, type World } from "./world.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
const open = async (...args: Parameters<typeof trytonWorld>) => {
  world = await trytonWorld(...args);
  return world;
};
const found = async (w: World) =>
  new Map((await w.source.check()).map((r) => [r.what, `${r.ok ? "" : "WRONG: "}${r.message}`]));

describe("checking the connection to Tryton", () => {
  it("says what was found", async () => {
    const results = await found(await open());
    expect(results.get("Server")).toBe("Tryton 6.0.29.");
    expect(results.get("Login and company")).toContain("(company 1)");
    expect(results.get("timesheet.line")).toBe(
      "Can be read; it holds 7 records. Left out, because their modules are not active there: approval_state.",
    );
    expect(results.get("Links of projects and tasks")).toBe(
      "3 of 5 projects and 3 of 4 tasks carry an agreed key in their name.",
    );
    expect(results.get("Links of time")).toContain("5 of 7 time lines");
    expect(results.get("Change logs")).toMatch(
      /known for party\.party \(its row history\).*off for project\.work.*timesheet\.line.*upper bounds/,
    );
    expect([...results.values()].filter((m) => m.startsWith("WRONG"))).toEqual([]);
  });

  it("names what the settings name and what does not exist, with what there is instead", async () => {
    const results = await found(
      await open("erp", {
        roleName: "template.nmae",
        approvalField: "uid",
        closedProjectStatuses: ["Over"],
        link: { pattern: "^(PRJ\\d+)" },
      }),
    );
    expect(results.get("Setting roleName")).toMatch(/^WRONG: .*no field "nmae".*It has name,/);
    expect(results.get("Setting approvalField")).toMatch(/^WRONG: timesheet\.line has no field "uid".*uuid/);
    expect(results.get("Setting closedProjectStatuses")).toMatch(/^WRONG: .*There are Open, Done/);
    expect(results.get("Links of projects and tasks")).toMatch(/^WRONG: 0 of 5 projects/);
  });

  it("says which values an approval field has", async () => {
    const w = await open("erp", { approvalField: "state", rejectedTimeStatuses: ["denied"] });
    const [first] = w.fake.rows("timesheet.line");
    expect(first).toBeDefined();
    w.fake.add("timesheet.line", {
      ...Object.fromEntries(Object.keys(first ?? {}).map((f) => [f, { type: "char" }])),
      company: { type: "many2one", relation: "company.company" },
      work: { type: "many2one", relation: "timesheet.work" },
      state: { type: "selection", selection: ["draft", "approved", "refused"] },
    });
    expect((await found(w)).get("Setting approvalField")).toMatch(
      /^WRONG: state of timesheet\.line has no value denied.*draft, approved, refused/,
    );
  });

  it("stops at the door with one entry when nobody is let in", async () => {
    const results = await found(await open("crm", { password: "a-wrong-password" }));
    expect([...results.keys()]).toEqual(["Server", "Login and company"]);
    expect(results.get("Login and company")).toMatch(/^WRONG: .*did not accept/);
  });

  it("tells apart what may not be read from what is not there", async () => {
    const w = await open();
    w.fake.forbid("account.invoice.line");
    w.fake.without("project.allocation");
    const results = await found(w);
    expect(results.get("account.invoice.line")).toMatch(/^WRONG: .*not let the integration's user read/);
    expect(results.get("timesheet.line")).toMatch(/^WRONG: .*not shown invoice_line/);
    expect(results.get("project.allocation")).toMatch(/^WRONG: .*set allocations: false/);
  });

  it("links to the web client where there is one", async () => {
    const w = await open("erp", { webUrl: "https://erp.example.com/" });
    expect(w.source.recordUrl("project", "3")).toBe("https://erp.example.com/#erp/model/project.work/3");
    expect(w.source.recordUrl("rate_line", "work:3")).toBe(
      "https://erp.example.com/#erp/model/project.work/3",
    );
    expect(w.source.recordUrl("rate_line", "line:3")).toBe(
      "https://erp.example.com/#erp/model/product.price_list.line/3",
    );
    expect((await trytonWorld("erp", {}, w.fake)).source.recordUrl("project", "3")).toBeNull();
  });
});
