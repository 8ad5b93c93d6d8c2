import { afterEach, describe, expect, it } from "vitest";
import type { Change } from "#ingest/connector";
import { closeWriting, openWriting } from "./write-world.ts";

afterEach(closeWriting);

async function openProject(settings: Record<string, unknown> = {}) {
  const all = await openWriting(settings);
  const { firm, fake } = all;
  const target = { entity: "project", nativeId: null, key: "contoso-ai" } as const;
  const values: Record<string, string> = {
    code: "contoso-ai",
    name: "Contoso $& assistants",
    customer_key: "C-7",
    legal_entity: "NW-DE",
    currency: "EUR",
    start_on: "2026-12-01",
  };
  const create = (change: Record<string, string> = {}, key = "contoso-ai"): Change => ({
    target: { ...target, key },
    action: "create",
    changes: Object.entries({ ...values, ...change }).map(([field, to]) => ({ field, from: null, to })),
    refs: { "customer C-7": String(firm.contoso) },
    token: null,
    idempotencyKey: "push-1",
  });
  const undo = (nativeId: string | null, key = "contoso-ai"): Change => ({
    ...create({}, key),
    target: { ...target, nativeId, key },
    action: "delete",
  });
  const projects = () => fake.rows("project.work").filter((w) => w.type === "project");
  return { ...all, target, create, undo, projects };
}

describe("creating a project in Tryton", () => {
  it("creates it once, under the key it is known by, ready for time", async () => {
    const { writer, create, target, projects, fake, firm } = await openProject();
    expect(await writer.read(target, ["name"], {})).toMatchObject({ exists: false });
    const outcome = await writer.write(create());
    const made = projects().at(-1);
    expect(outcome).toEqual({
      outcome: "applied",
      nativeId: String(made?.id),
      receipt: "project.work create",
    });
    expect(made).toMatchObject({
      name: "[contoso-ai] Contoso $& assistants",
      type: "project",
      company: 1,
      party: firm.contoso,
      project_invoice_method: "timesheet",
    });
    expect(fake.rows("timesheet.work").some((t) => t.origin === `project.work,${String(made?.id)}`)).toBe(
      true,
    );
    expect(
      await writer.read(target, ["code", "name", "customer_key", "currency", "legal_entity"], {}),
    ).toMatchObject({
      exists: true,
      values: {
        code: "contoso-ai",
        name: "Contoso $& assistants",
        customer_key: "C-7",
        currency: "EUR",
        legal_entity: "NW-DE",
      },
    });
    expect(await writer.write(create())).toMatchObject({ receipt: "was there already; nothing was written" });
    expect(await writer.write(create({ customer_key: "C-8" }))).toMatchObject({
      code: "plumbline.differs",
      message: expect.stringContaining("customer_key is C-7"),
    });
    expect(projects()).toHaveLength(2);
  });

  it("writes the key into the comment where the settings say so", async () => {
    const { writer, create, projects } = await openProject({
      link: { field: "comment", pattern: "^PSA: (\\S+)", write: "PSA: {key}" },
    });
    expect(await writer.write(create())).toMatchObject({ outcome: "applied" });
    expect(projects().at(-1)).toMatchObject({ name: "Contoso $& assistants", comment: "PSA: contoso-ai" });
  });

  it("creates nothing that it could not find again", async () => {
    const { writer, create, projects } = await openProject({ link: { write: "{key}: {name}" } });
    expect(await writer.write(create())).toMatchObject({
      code: "plumbline.link",
      message: expect.stringContaining("link.write and link.pattern"),
    });
    expect(projects()).toHaveLength(1);
  });

  it.each([
    ["an unknown client", { customer_key: "C-99" }, "plumbline.unknown-reference", "C-99"],
    ["another currency", { currency: "USD" }, "plumbline.currency", "is in EUR"],
    ["another legal entity", { legal_entity: "NW-UK" }, "plumbline.legal-entity", "NW-UK"],
    ["a backslash in its name", { name: "a\\b" }, "UserError", "may not hold a backslash"],
  ])("creates none for %s", async (_, change, code, words) => {
    const { writer, create, projects } = await openProject();
    const outcome = await writer.write(create(change));
    expect(outcome).toMatchObject({ outcome: "rejected", code, message: expect.stringContaining(words) });
    expect(projects()).toHaveLength(1);
  });

  it("creates none beside one of the same name that carries no key", async () => {
    const { writer, create, projects, fake, firm } = await openProject();
    const there = fake.put("project.work", {
      name: "contoso $& assistants",
      type: "project",
      party: firm.contoso,
    });
    expect(await writer.write(create())).toMatchObject({
      code: "plumbline.name-taken",
      message: expect.stringContaining(`(id ${there})`),
    });
    expect(projects()).toHaveLength(2);
  });

  it("does not choose between two that carry the key", async () => {
    const { writer, create, undo, fake } = await openProject();
    for (const name of ["[contoso-ai] One", "[contoso-ai] Two"])
      fake.put("project.work", { name, type: "project" });
    expect(await writer.write(create())).toMatchObject({ code: "plumbline.several" });
    expect(await writer.write(undo(null))).toMatchObject({ code: "plumbline.several" });
  });

  it("finds what it made after the answer was lost", async () => {
    const { writer, create, fail, projects } = await openProject();
    fail(/project\.work\.create/, { kind: "cut-after-commit" });
    expect(await writer.write(create())).toMatchObject({
      outcome: "applied",
      nativeId: String(projects().at(-1)?.id),
      receipt: expect.stringContaining("the answer was lost"),
    });
    expect(projects()).toHaveLength(2);
  });

  it("does not take a wildcard in a key for one", async () => {
    const { writer, create, fake, projects } = await openProject();
    fake.put("project.work", { name: "[aXb] Other", type: "project" });
    expect(await writer.write(create({ name: "New" }, "a_b"))).toMatchObject({ outcome: "applied" });
    expect(projects().at(-1)?.name).toBe("[a_b] New");
  });
});

describe("taking back a project in Tryton", () => {
  it("deletes what it created, as long as nothing hangs on it", async () => {
    const { writer, create, undo, fake, firm, projects } = await openProject();
    const made = await writer.write(create());
    const nativeId = made.outcome === "applied" ? made.nativeId : "";
    const id = Number(nativeId);
    expect(await writer.write(undo(String(firm.project)))).toMatchObject({ code: "plumbline.not-ours" });

    const task = fake.put("project.work", { name: "Task", type: "task", parent: id });
    expect(await writer.write(undo(nativeId))).toMatchObject({
      code: "plumbline.in-use",
      message: expect.stringContaining("has tasks"),
    });
    fake.touch("project.work", task, { parent: null });
    const sheet = fake.rows("timesheet.work").find((t) => t.origin === `project.work,${nativeId}`);
    const line = firm.line("x", { work: sheet?.id });
    expect(await writer.write(undo(nativeId))).toMatchObject({
      message: expect.stringContaining("1 time line"),
    });
    fake.touch("timesheet.line", line, { work: firm.sheet });
    fake.touch("project.work", id, { invoice_line: 4 });
    expect(await writer.write(undo(nativeId))).toMatchObject({
      message: expect.stringContaining("invoices"),
    });
    fake.touch("project.work", id, { invoice_line: null });
    fake.beforeNextWrite(() => fake.touch("project.work", id, { comment: "In use now" }));
    expect(await writer.write(undo(nativeId))).toMatchObject({ outcome: "conflict" });

    expect(await writer.write(undo(nativeId))).toMatchObject({ outcome: "applied", nativeId });
    expect(projects()).toHaveLength(1);
    expect(await writer.write(undo(nativeId))).toMatchObject({ code: "plumbline.gone" });
  });
});
