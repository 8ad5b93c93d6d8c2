import { afterEach, describe, expect, it } from "vitest";
import { closeWriting, openWriting, update } from "./writing.ts";

afterEach(closeWriting);

const close = [{ field: "is_active", from: "1", to: "0" }];
const reopen = [{ field: "is_active", from: "0", to: "1" }];
const target = (id: number | null, key = "nw-rollout") =>
  ({ entity: "project", nativeId: id === null ? null : String(id), key }) as const;

describe("closing and reopening a project in Redmine", () => {
  it("does one and the other, and reads it back", async () => {
    const { fake, writer } = await openWriting();
    expect(await writer.read(target(null), ["is_active", "name"], {})).toEqual({
      exists: true,
      nativeId: "2",
      values: { is_active: "1" },
      token: null,
      locked: null,
    });
    expect(await writer.write(update("project", 2, close))).toMatchObject({
      outcome: "applied",
      nativeId: "2",
      receipt: "PUT /projects/2/close.json 204, read back",
    });
    expect(fake.project(2).status).toBe(5);
    expect((await writer.read(target(2), ["is_active"], {})).values).toEqual({ is_active: "0" });
    expect(await writer.write(update("project", 2, reopen))).toMatchObject({ outcome: "applied" });
    expect(fake.project(2).status).toBe(1);
  });

  it("does not close the projects below it along with it, at any depth", async () => {
    const { fake, writer } = await openWriting();
    expect((await writer.read(target(1), ["is_active"], {})).locked).toMatch(
      /would close the projects below it too \(NW rollout, NW support\)/,
    );
    for (const id of [2, 3]) fake.project(id).status = 5;
    fake.projects.push({ id: 4, name: "NW pilot", identifier: "nw-pilot", parent: 3, status: 1 });
    expect(await writer.write(update("project", 1, close))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.locked",
      message: expect.stringContaining("NW pilot"),
    });
    expect(fake.puts).toEqual([]);
    fake.project(4).status = 5;
    expect(await writer.write(update("project", 1, close))).toMatchObject({ outcome: "applied" });
    expect((await writer.read(target(1), ["is_active"], {})).locked).toMatch(/would reopen the projects/);
    expect(await writer.write(update("project", 1, reopen))).toMatchObject({ code: "plumbline.locked" });
  });

  it("looks through all pages of what is below", async () => {
    const { fake, writer } = await openWriting();
    for (let id = 100; id < 205; id++)
      fake.projects.push({ id, name: `P${id}`, identifier: `p${id}`, parent: 2, status: id === 204 ? 1 : 5 });
    expect((await writer.read(target(2), ["is_active"], {})).locked).toMatch(/\(P204\)/);
    for (let id = 100; id < 204; id++) fake.project(id).status = 1;
    expect((await writer.read(target(2), ["is_active"], {})).locked).toMatch(
      /\(P100, P101, P102 and 102 more\)/,
    );
  });

  it("leaves an archived project to an administrator", async () => {
    const { fake, writer } = await openWriting();
    fake.project(2).status = 9;
    await expect(writer.read(target(2), ["is_active"], {})).rejects.toMatchObject({
      userMessage: expect.stringContaining("archived"),
    });
    expect(await writer.write(update("project", 2, reopen))).toMatchObject({
      outcome: "rejected",
      message: expect.stringContaining("Nothing was written"),
    });
  });

  it("writes nothing else, nor over a project somebody closed meanwhile", async () => {
    const { fake, writer } = await openWriting();
    for (const changes of [
      [{ field: "name", from: "NW rollout", to: "Rollout" }],
      [...close, { field: "name", from: "NW rollout", to: "Rollout" }],
      [{ field: "is_active", from: "1", to: null }],
    ])
      expect(await writer.write(update("project", 2, changes))).toMatchObject({
        code: "plumbline.unsupported",
      });
    fake.project(2).status = 5;
    expect(await writer.write(update("project", 2, close))).toMatchObject({
      outcome: "conflict",
      actual: { is_active: "0" },
    });
    expect(await writer.write(update("project", 77, close))).toMatchObject({ code: "plumbline.gone" });
    expect(fake.puts).toEqual([]);
  });

  it("does not take 204 for an answer", async () => {
    const { fake, writer, fail } = await openWriting();
    fake.readOnly.add("status");
    expect(await writer.write(update("project", 2, close))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.not-kept",
      message: expect.stringContaining("is_active is still 1"),
    });
    fail("PUT", { kind: "answer", status: 403, body: undefined });
    expect(await writer.write(update("project", 2, close))).toMatchObject({
      code: "redmine.403",
      message: expect.stringContaining("permission to close projects"),
    });
  });
});
