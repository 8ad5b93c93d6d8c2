import { afterEach, describe, expect, it } from "vitest";
import { closeWriting, openWriting, update } from "./writing.ts";

afterEach(closeWriting);

const TARGET = { entity: "time_entry", nativeId: "20", key: "20" } as const;
const ALL = ["hours", "work_on", "note", "task_key", "project_key", "resource_key"];
const hours = { field: "hours", from: "7.50", to: "6.25" };

describe("reading a time entry of Redmine for a correction", () => {
  it("gives the agreed keys and exact hours", async () => {
    const { writer } = await openWriting();
    expect(await writer.read(TARGET, ALL, {})).toEqual({
      exists: true,
      nativeId: "20",
      values: {
        hours: "7.5",
        work_on: "2026-11-03",
        note: "Workshop",
        task_key: "10",
        project_key: "nw-rollout",
        resource_key: "E-1",
      },
      token: "2026-11-03T17:00:00Z",
      locked: null,
    });
    expect((await writer.read(TARGET, ["hours"], {})).values).toEqual({ hours: "7.5" });
    expect(await writer.read({ ...TARGET, nativeId: null }, ["hours"], {})).toMatchObject({ exists: true });
    for (const nativeId of ["99", "../users/1"])
      expect(await writer.read({ ...TARGET, nativeId }, ["hours"], {})).toMatchObject({ exists: false });
  });

  it("says when its project is closed", async () => {
    const { fake, writer } = await openWriting();
    fake.project(2).status = 5;
    expect((await writer.read(TARGET, ["hours"], {})).locked).toMatch(/NW rollout is closed in Redmine/);
    expect(await writer.write(update("time_entry", 20, [hours]))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.locked",
    });
    expect(fake.puts).toEqual([]);
  });
});

describe("correcting a time entry in Redmine", () => {
  it("sends only what changes, exact, and reads it back", async () => {
    const { fake, writer } = await openWriting();
    const { token } = await writer.read(TARGET, ["hours"], {});
    expect(await writer.write(update("time_entry", 20, [hours], { token }))).toEqual({
      outcome: "applied",
      nativeId: "20",
      receipt: "PUT /time_entries/20.json 204, read back",
    });
    expect(fake.puts).toEqual([{ path: "/time_entries/20.json", body: { time_entry: { hours: "6.25" } } }]);
    expect(fake.time(20)).toMatchObject({ hours: 6.25, comments: "Workshop", user: 5, issue: 10 });
  });

  it("moves task, project and person together, by the ids of this Redmine", async () => {
    const { fake, writer } = await openWriting();
    const changes = [
      { field: "task_key", from: "10", to: "11" },
      { field: "project_key", from: "nw-rollout", to: "nw-support" },
      { field: "resource_key", from: "E-1", to: "E-2" },
      { field: "work_on", from: "2026-11-03", to: "2026-11-04" },
      { field: "note", from: "Workshop", to: "" },
    ];
    expect(
      await writer.write(update("time_entry", 20, changes, { refs: { "resource E-2": "6" } })),
    ).toMatchObject({
      outcome: "applied",
    });
    expect(fake.time(20)).toMatchObject({
      project: 3,
      issue: 11,
      user: 6,
      spent_on: "2026-11-04",
      comments: "",
    });
  });

  it("takes an entry off its task without moving it", async () => {
    const { fake, writer } = await openWriting();
    const off = { field: "task_key", from: "10", to: "" };
    expect(await writer.write(update("time_entry", 20, [off]))).toMatchObject({ outcome: "applied" });
    expect(fake.time(20)).toMatchObject({ project: 2, issue: null });
  });

  it("does not follow a task that moves to another project at the same moment", async () => {
    const { fake, writer } = await openWriting();
    fake.issue(11).project = 2;
    fake.meanwhile = () => {
      fake.issue(11).project = 3;
    };
    const task = { field: "task_key", from: "10", to: "11" };
    expect(await writer.write(update("time_entry", 20, [task]))).toMatchObject({
      outcome: "rejected",
      message: "Issue is invalid",
    });
    expect(fake.time(20)).toMatchObject({ project: 2, issue: 10 });
  });

  it.each([
    ["plumbline.other-project", { field: "task_key", from: "10", to: "11" }],
    ["plumbline.other-project", { field: "project_key", from: "nw-rollout", to: "nw-support" }],
    ["plumbline.unknown-reference", { field: "task_key", from: "10", to: "99" }],
    ["plumbline.unknown-reference", { field: "project_key", from: "nw-rollout", to: "elsewhere" }],
    ["plumbline.unknown-reference", { field: "resource_key", from: "E-1", to: "E-2" }],
    ["plumbline.too-fine", { field: "hours", from: "7.5", to: "7.333" }],
    ["plumbline.bad-value", { field: "hours", from: "7.5", to: "-1" }],
    ["plumbline.bad-value", { field: "work_on", from: "2026-11-03", to: "2026-02-30" }],
    ["plumbline.unsupported", { field: "is_billable", from: null, to: "1" }],
  ])("refuses before it sends anything: %s", async (code, change) => {
    const { fake, writer } = await openWriting();
    expect(await writer.write(update("time_entry", 20, [change]))).toMatchObject({
      outcome: "rejected",
      code,
    });
    expect(fake.puts).toEqual([]);
  });

  it("never moves time into a closed project, although Redmine would let it", async () => {
    const { fake, writer } = await openWriting();
    fake.project(3).status = 5;
    const changes = [
      { field: "task_key", from: "10", to: null },
      { field: "project_key", from: "nw-rollout", to: "nw-support" },
    ];
    expect(await writer.write(update("time_entry", 20, changes))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.project-closed",
      message: expect.stringContaining("NW support is closed"),
    });
    expect(fake.time(20).project).toBe(2);
  });

  it("writes nothing over a value that moved, nor over an entry somebody touched", async () => {
    const { fake, writer } = await openWriting();
    const { token } = await writer.read(TARGET, ["hours"], {});
    Object.assign(fake.time(20), { comments: "Second day", updated_on: "2026-11-20T14:00:00Z" });
    expect(await writer.write(update("time_entry", 20, [hours], { token }))).toMatchObject({
      outcome: "conflict",
      actual: { hours: "7.5" },
      message: expect.stringContaining("after it was looked at"),
    });
    fake.time(20).hours = 8;
    expect(await writer.write(update("time_entry", 20, [hours]))).toMatchObject({
      outcome: "conflict",
      actual: { hours: "8" },
    });
    expect(fake.puts).toEqual([]);
  });

  it("does not take 204 for an answer: what did not change is said", async () => {
    const { fake, writer } = await openWriting();
    fake.readOnly.add("hours");
    const note = { field: "note", from: "Workshop", to: "Kick-off" };
    expect(await writer.write(update("time_entry", 20, [hours, note]))).toEqual({
      outcome: "rejected",
      code: "plumbline.not-kept",
      message:
        "Redmine accepted the change but did not make it: hours is still 7.5. The rest of the change was made: note is Kick-off. A person must look at the record.",
    });
  });

  it("says when the approval went with the correction", async () => {
    const { fake, writer } = await openWriting();
    fake.dropsApproval = true;
    expect(await writer.write(update("time_entry", 20, [hours]))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.approval-moved",
      message: expect.stringContaining("Approval went from approved to draft"),
    });
    const without = await openWriting({ approvalField: null });
    without.fake.dropsApproval = true;
    expect(await without.writer.write(update("time_entry", 20, [hours]))).toMatchObject({
      outcome: "applied",
    });
  });

  it("passes Redmine's own words on, each once", async () => {
    const { writer } = await openWriting();
    expect(await writer.write(update("time_entry", 20, [{ ...hours, to: "0" }]))).toEqual({
      outcome: "rejected",
      code: "redmine.422",
      message: "Hours is invalid",
    });
    const person = { field: "resource_key", from: "E-1", to: "E-9" };
    expect(
      await writer.write(update("time_entry", 20, [person], { refs: { "resource E-9": "9" } })),
    ).toMatchObject({
      message: "User is invalid; User cannot log time",
    });
  });

  it("finds the words for a refusal that has none", async () => {
    const closing = await openWriting();
    closing.fake.meanwhile = () => {
      closing.fake.project(2).status = 5;
    };
    expect(await closing.writer.write(update("time_entry", 20, [hours]))).toMatchObject({
      outcome: "rejected",
      code: "redmine.403",
      message: expect.stringContaining("NW rollout is closed"),
    });
    const { writer, fail } = await openWriting();
    fail("PUT", { kind: "answer", status: 403, body: undefined });
    expect(await writer.write(update("time_entry", 20, [hours]))).toMatchObject({
      code: "redmine.403",
      message: expect.stringContaining("permission to edit time logs"),
    });
    fail("PUT", { kind: "answer", status: 422, body: { errors: [] } });
    expect(await writer.write(update("time_entry", 20, [hours]))).toMatchObject({
      outcome: "rejected",
      message: expect.stringContaining("did not say why"),
    });
  });

  it("says that the entry is gone, before the write and after it", async () => {
    const { fake, writer } = await openWriting();
    expect(await writer.write(update("time_entry", 99, [hours]))).toMatchObject({ code: "plumbline.gone" });
    fake.meanwhile = () => fake.times.pop();
    expect(await writer.write(update("time_entry", 20, [hours]))).toMatchObject({ code: "plumbline.gone" });
    const after = await openWriting();
    // The entry and its project are looked at before the write; the third look is the one that proves it.
    after.fail("GET", { kind: "answer", status: 404, body: undefined }, 2);
    expect(await after.writer.write(update("time_entry", 20, [hours]))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.gone",
    });
    expect(after.fake.time(20).hours).toBe(6.25);
  });
});
