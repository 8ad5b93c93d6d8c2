import { afterEach, describe, expect, it } from "vitest";
import type { Change } from "#ingest/connector";
import { dateForm } from "#ingest/tryton/values";
import { closeWriting, openTime, update } from "./write-world.ts";

afterEach(closeWriting);

const FIELDS = ["hours", "note"];

describe("correcting a time line in Tryton", () => {
  it("sets hours, day, note and where it is booked", async () => {
    const { writer, firm, fake, refs } = await openTime();
    const id = firm.line("redmine-901");
    const other = fake.put("timesheet.work", { origin: `project.work,${firm.rollout}` });
    const target = { entity: "time_entry", nativeId: String(id), key: "901" } as const;
    const { token } = await writer.read(target, FIELDS, refs);
    const change = update("time_entry", String(id), {
      hours: ["7.5", "6.25"],
      work_on: ["2026-11-10", "2026-11-11"],
      note: ["Cutover", "Moved"],
      task_key: ["17", "18"],
    });
    expect(
      await writer.write({ ...change, token, refs: { ...refs, "task 18": String(firm.rollout) } }),
    ).toMatchObject({ outcome: "applied", nativeId: String(id) });
    expect(fake.row("timesheet.line", id)).toMatchObject({
      duration: { seconds: 22_500 },
      date: dateForm("2026-11-11"),
      description: "Moved",
      work: other,
    });
    expect(
      await writer.write(update("time_entry", String(id), { resource_key: ["17", "E-2"] })),
    ).toMatchObject({
      outcome: "rejected",
      code: "plumbline.unsupported",
      message: expect.stringContaining("resource_key"),
    });
  });

  it("leaves invoiced time alone, whoever may see the invoice", async () => {
    const { writer, firm, fake } = await openTime();
    const invoice = fake.put("account.invoice", { number: "INV-7", state: "posted" });
    const billed = fake.put("account.invoice.line", { invoice });
    const id = firm.line("redmine-901", { invoice_line: billed });
    const target = { entity: "time_entry", nativeId: String(id), key: "901" } as const;
    const { locked } = await writer.read(target, FIELDS, {});
    expect(locked).toContain("already invoiced on INV-7");
    const change = update("time_entry", String(id), { note: ["Cutover", "x"] });
    expect(await writer.write(change)).toMatchObject({ code: "plumbline.locked", message: locked });

    fake.touch("account.invoice", invoice, { state: "draft" });
    expect((await writer.read(target, FIELDS, {})).locked).toContain("on a draft invoice");
    fake.server.faults.add({
      body: "account\\.invoice\\.line\\.search_read",
      effect: {
        kind: "answer",
        status: 200,
        body: { error: ["UserError", ['You are not allowed to access "Invoice Line".', "", null]] },
      },
    });
    expect((await writer.read(target, FIELDS, {})).locked).toMatch(
      /^This time is already invoiced in Tryton/,
    );
    expect(fake.row("timesheet.line", id).description).toBe("Cutover");
  });

  it("passes on the refusal when it is invoiced in the very moment", async () => {
    const { writer, firm, fake } = await openTime();
    const id = firm.line("redmine-901");
    fake.beforeNextWrite(() => fake.touch("timesheet.line", id, { invoice_line: 1 }));
    expect(await writer.write(update("time_entry", String(id), { hours: ["7.5", "6"] }))).toMatchObject({
      outcome: "rejected",
      code: "UserError",
      message: "You cannot modify an invoiced line.",
    });
  });

  it("takes back only what it posted, and not once it is invoiced", async () => {
    const { writer, create, firm, fake, posted } = await openTime();
    const made = await writer.write(create());
    const nativeId = made.outcome === "applied" ? made.nativeId : "";
    const undo: Change = {
      ...create(),
      target: { entity: "time_entry", nativeId, key: "901" },
      action: "delete",
    };
    const typed = firm.line("typed-by-hand");
    expect(
      await writer.write({ ...undo, target: { ...undo.target, nativeId: String(typed) } }),
    ).toMatchObject({ outcome: "rejected", code: "plumbline.not-ours" });
    fake.touch("timesheet.line", Number(nativeId), { invoice_line: 1 });
    expect(await writer.write(undo)).toMatchObject({ outcome: "rejected", code: "plumbline.locked" });
    fake.touch("timesheet.line", Number(nativeId), { invoice_line: null });
    expect(await writer.write(undo)).toMatchObject({ outcome: "applied", nativeId });
    expect(posted()).toHaveLength(0);
    expect(await writer.write(undo)).toMatchObject({ outcome: "rejected", code: "plumbline.gone" });
    expect(fake.row("timesheet.line", typed)).toBeDefined();
  });
});
