import { afterEach, describe, expect, it } from "vitest";
import { dateForm, durationForm } from "#ingest/tryton/values";
import { closeWriting, openTime } from "./write-world.ts";

afterEach(closeWriting);

const FIELDS = ["project_key", "task_key", "resource_key", "work_on", "hours", "note"];

describe("posting a time line to Tryton", () => {
  it("creates it once, under its UUID and approved, for the person and the task that share a number", async () => {
    const { writer, target, create, posted, firm, refs } = await openTime();
    expect(await writer.read(target, FIELDS, refs)).toMatchObject({ exists: false, locked: null });
    const outcome = await writer.write(create());
    expect(outcome).toEqual({
      outcome: "applied",
      nativeId: String(posted()[0]?.id),
      receipt: "timesheet.line create",
    });
    expect(posted()).toMatchObject([
      {
        company: 1,
        employee: firm.ada,
        work: firm.sheet,
        date: dateForm("2026-11-10"),
        duration: { __class__: "timedelta", seconds: 27_000 },
        description: "Cutover weekend",
        approval_state: "approved",
      },
    ]);
    expect(await writer.read(target, FIELDS, refs)).toMatchObject({
      exists: true,
      values: {
        project_key: "contoso-dp",
        task_key: "17",
        resource_key: "17",
        work_on: "2026-11-10",
        hours: "7.5",
        note: "Cutover weekend",
      },
    });
    expect(await writer.write(create())).toMatchObject({
      outcome: "applied",
      receipt: "was there already; nothing was written",
    });
    expect(posted()).toHaveLength(1);
  });

  it("goes by the keys that records carry when a reference names another kind of record", async () => {
    const { writer, create, posted, firm } = await openTime();
    for (const wrong of [firm.rollout, firm.project, 999]) {
      const key = `902-${wrong}`;
      const change = { ...create(), target: { ...create().target, key } };
      const refs = { ...change.refs, "task 17": String(wrong), "resource 17": String(wrong) };
      expect(await writer.write({ ...change, refs })).toMatchObject({ outcome: "applied" });
    }
    expect(posted()).toHaveLength(3);
    expect(posted().every((l) => l.work === firm.sheet && l.employee === firm.ada)).toBe(true);
  });

  it("does not take a line for its own that holds something else", async () => {
    const { writer, create, posted, firm } = await openTime();
    firm.line("redmine-901", { duration: durationForm("3") });
    expect(await writer.write(create())).toMatchObject({
      outcome: "rejected",
      code: "plumbline.differs",
      message: expect.stringContaining("hours is 3"),
    });
    expect(posted()).toHaveLength(1);
  });

  it("meets its twin: the second of two creates finds what the first made", async () => {
    const { writer, create, posted, firm, fake } = await openTime();
    fake.beforeNextWrite(() => firm.line("redmine-901", { description: "Cutover weekend" }));
    expect(await writer.write(create())).toMatchObject({
      outcome: "applied",
      nativeId: String(posted()[0]?.id),
      receipt: "was there already; nothing was written",
    });
    const eight = await Promise.all(Array.from({ length: 8 }, () => writer.write(create())));
    expect(eight.map((o) => o.outcome)).toEqual(Array(8).fill("applied"));
    expect(posted()).toHaveLength(1);
  });

  it("knows that it was posted although the answer was lost, and does not know when it was not", async () => {
    const { writer, create, fail, posted } = await openTime();
    fail(/timesheet\.line\.create/, { kind: "cut" });
    expect(await writer.write(create())).toMatchObject({ outcome: "unknown" });
    expect(posted()).toHaveLength(0);
    fail(/timesheet\.line\.create/, { kind: "cut-after-commit" });
    expect(await writer.write(create())).toMatchObject({
      outcome: "applied",
      nativeId: String(posted()[0]?.id),
      receipt: expect.stringContaining("the answer was lost"),
    });
    expect(posted()).toHaveLength(1);
  });

  it.each([
    [
      "a day after the person left",
      { work_on: "2026-12-01" },
      "UserError",
      "Ada Lovelace is employed until 2026-11-30",
    ],
    ["no whole seconds", { hours: "0.3333" }, "plumbline.not-whole-seconds", "0.3333"],
    ["negative hours", { hours: "-1" }, "UserError", "must be positive"],
    ["no hours", { hours: null }, "plumbline.incomplete", "no hours"],
    ["an unknown task", { task_key: "99" }, "plumbline.unknown-reference", "task (99)"],
    ["an unknown person", { resource_key: "E-99" }, "plumbline.unknown-reference", "person (E-99)"],
    [
      "a task of another project",
      { project_key: "other" },
      "plumbline.other-project",
      "belongs to the project contoso-dp",
    ],
    [
      "a task without timesheets",
      { task_key: "18" },
      "plumbline.no-timesheets",
      "Timesheets are not allowed on",
    ],
    ["time that must not be billed", { is_billable: "0" }, "plumbline.not-billable", "would be billed"],
  ])("posts nothing with %s", async (_, change, code, words) => {
    const { writer, create, posted } = await openTime();
    const outcome = await writer.write(create(change));
    expect(outcome).toMatchObject({ outcome: "rejected", code });
    expect(outcome).toMatchObject({ message: expect.stringContaining(words) });
    expect(posted()).toHaveLength(0);
  });

  it("keeps the vendor's own words and adds what it knows", async () => {
    const { writer, create, fake, firm } = await openTime();
    fake.touch("timesheet.work", firm.sheet, { timesheet_end_date: dateForm("2026-11-05") });
    expect(await writer.write(create())).toEqual({
      outcome: "rejected",
      code: "UserError",
      message:
        'The value for field "Work" in "Timesheet Line" is not valid according to its domain. Time on "[#17] Build in [contoso-dp] Contoso data platform" is taken until 2026-11-05 in Tryton, and this time is of 2026-11-10.',
    });
  });

  it("posts nothing on work that is over, nor below it", async () => {
    const { writer, create, fake, firm, posted } = await openTime();
    fake.touch("project.work", firm.project, { status: firm.done });
    expect(await writer.write(create())).toMatchObject({
      outcome: "rejected",
      code: "plumbline.closed",
      message: expect.stringContaining('"[contoso-dp] Contoso data platform" is Done'),
    });
    expect(posted()).toHaveLength(0);
  });

  it("posts billable time only where all time is invoiced, and any time where it is not", async () => {
    const { writer, create, fake, firm, posted } = await openTime();
    fake.touch("project.work", firm.build, { invoice_method: "manual" });
    expect(await writer.write(create({ is_billable: "0" }))).toMatchObject({ outcome: "applied" });
    expect(posted()).toHaveLength(1);
  });

  it("leaves approval alone where the server has none, and names a status or field that is not there", async () => {
    const without = await openTime();
    without.fake.without("timesheet.line", "approval_state");
    expect(await without.writer.write(without.create())).toMatchObject({ outcome: "applied" });
    expect(without.posted()).toMatchObject([{ approval_state: "draft" }]);

    const status = await openTime({ postedTimeStatus: "signed" });
    expect(await status.writer.write(status.create())).toMatchObject({
      outcome: "rejected",
      code: "plumbline.no-such-status",
      message: expect.stringContaining("it has draft, submitted, approved, rejected"),
    });
    const field = await openTime({ approvalField: "signed_off" });
    expect(await field.writer.write(field.create())).toMatchObject({
      outcome: "rejected",
      code: "tryton.no-field",
      message: expect.stringContaining('"signed_off"'),
    });
    expect(field.posted()).toHaveLength(0);
  });

  it("says when the approval was not kept", async () => {
    const { writer, create, fake } = await openTime();
    fake.forget("approval_state");
    expect(await writer.write(create())).toMatchObject({
      outcome: "rejected",
      code: "plumbline.not-kept",
      message: expect.stringContaining("status is draft"),
    });
  });
});
