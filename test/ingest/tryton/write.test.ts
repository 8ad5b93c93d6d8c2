import { afterEach, describe, expect, it } from "vitest";
import { closeWriting, openWriting, update } from "./write-world.ts";

afterEach(closeWriting);

/** One change of a price, with everything that can come of it. */
async function openChange(settings: Record<string, unknown> = {}) {
  const all = await openWriting(settings);
  const { firm, fake, writer } = all;
  const id = `work:${firm.build}`;
  const change = update("rate_line", id, { rate: ["150", "165"] });
  const price = () => (fake.row("project.work", firm.build).list_price as { decimal: string }).decimal;
  return { ...all, id, change, price, write: () => writer.write(change) };
}
const WRITE = /project\.work\.write/;

describe("what comes of a write to Tryton", () => {
  it("can do these things, and no others", async () => {
    const { writer, firm } = await openWriting();
    expect(writer.can).toEqual({
      rate_line: ["update"],
      time_entry: ["create", "update", "delete"],
      assignment: ["update"],
      project: ["create", "delete"],
      invoice_line: ["update"],
    });
    expect(
      await writer.write({ ...update("rate_line", `work:${firm.build}`, {}), action: "delete" }),
    ).toMatchObject({
      outcome: "rejected",
      code: "plumbline.unsupported",
    });
    expect(() => writer.read({ entity: "contract", nativeId: "1", key: "1" }, [], {})).toThrow(
      "Cannot write contract",
    );
    const less = await openWriting({ allocations: false, invoices: false });
    expect(Object.keys(less.writer.can)).toEqual(["rate_line", "time_entry", "project"]);
  });

  it("is not applied before it was read back: what the server drops is told", async () => {
    const { fake, write } = await openChange();
    fake.forget("list_price");
    expect(await write()).toMatchObject({
      outcome: "rejected",
      code: "plumbline.not-kept",
      message: expect.stringContaining("rate is 150"),
    });
  });

  it("is unknown when it was taken and cannot be read back", async () => {
    const { fake, write, price } = await openChange();
    // The look before the write is the first; the one after it, and its repeat, find nobody.
    fake.server.faults.add({
      body: "project\\.work\\.search_read",
      after: 1,
      times: 2,
      effect: { kind: "server-error", status: 503, html: true },
    });
    expect(await write()).toMatchObject({
      outcome: "unknown",
      message: expect.stringContaining("could not be read back"),
    });
    expect(price()).toBe("165");
  });

  it("logs in again when the session has ended, and writes once", async () => {
    const { fake, write, price, writer, id } = await openChange();
    await writer.read({ entity: "rate_line", nativeId: id, key: "k" }, ["rate"], {});
    fake.expire();
    expect(await write()).toMatchObject({ outcome: "applied" });
    expect(price()).toBe("165");
    expect(fake.calls.filter((c) => c === "project.work.write")).toHaveLength(1);
  });

  it("is refused, not unknown, when nobody is let in", async () => {
    const { write, price } = await openChange({ password: "wrong" });
    expect(await write()).toMatchObject({
      outcome: "rejected",
      code: "tryton.wrong-password",
      message: expect.stringContaining("Nothing was written."),
    });
    expect(price()).toBe("150.0000");
  });

  it("does not confirm a warning", async () => {
    const { refuse, write, price, fake } = await openChange();
    refuse(WRITE, ["UserWarning", ["work_6.price", "The price of work in progress changes.", ""]]);
    expect(await write()).toMatchObject({
      outcome: "rejected",
      code: "UserWarning",
      message: expect.stringContaining("The price of work in progress changes."),
    });
    expect(price()).toBe("150.0000");
    expect(fake.calls.filter((c) => c.startsWith("res.user.warning"))).toEqual([]);
  });

  it("passes on a missing right in the vendor's words", async () => {
    const { refuse, write } = await openChange();
    refuse(WRITE, ["UserError", ['You are not allowed to access "Work Effort".', "", null]]);
    expect(await write()).toEqual({
      outcome: "rejected",
      code: "UserError",
      message: 'You are not allowed to access "Work Effort".',
    });
  });

  it("tells a record that is gone from one that is forbidden, though the words are the same", async () => {
    const words =
      'You are not allowed to write to records "3" of "Work Effort" because of at least one of these rules: User in companies';
    const forbidden = await openChange();
    forbidden.refuse(WRITE, ["UserError", [words, "", null]]);
    expect(await forbidden.write()).toMatchObject({ code: "UserError", message: words });

    const gone = await openChange();
    gone.fake.beforeNextWrite(() => gone.fake.remove("project.work", gone.firm.build));
    expect(await gone.write()).toMatchObject({
      outcome: "rejected",
      code: "plumbline.gone",
      message: expect.stringContaining("You are not allowed to write to records"),
    });
  });

  it("is found out when the server fails: what was rolled back is refused, what was kept is applied", async () => {
    const { refuse, write, price, fake, firm } = await openChange();
    refuse(WRITE, ["division by zero", "Traceback (most recent call last)"]);
    expect(await write()).toMatchObject({
      outcome: "rejected",
      code: "ServerError",
      message: expect.stringContaining("division by zero"),
    });
    expect(price()).toBe("150.0000");
    // Its housekeeping after the commit went wrong.
    fake.beforeNextAnswer(["could not serialize access due to concurrent update\n", "Traceback"]);
    expect(await write()).toMatchObject({
      outcome: "applied",
      nativeId: `work:${firm.build}`,
      receipt: expect.stringContaining("could not serialize"),
    });
    expect(price()).toBe("165");
  });

  it("asks to try again when the server gave up under load and rolled back", async () => {
    const { refuse, write, price } = await openChange();
    refuse(WRITE, ["could not serialize access due to concurrent update\n", "Traceback"]);
    await expect(write()).rejects.toMatchObject({ code: "push.turned-away", recovery: "retry" });
    expect(price()).toBe("150.0000");
  });

  it("asks to try again when it was turned away at the door", async () => {
    const { fail, write, price } = await openChange();
    fail(WRITE, { kind: "too-many-requests" });
    await expect(write()).rejects.toMatchObject({ code: "push.turned-away" });
    expect(price()).toBe("150.0000");
  });

  it.each([
    ["the answer never came", { kind: "cut-after-commit" }],
    ["the answer broke off", { kind: "malformed-json" }],
  ] as const)("looks when %s", async (_, effect) => {
    const { fail, write, price } = await openChange();
    fail(WRITE, effect);
    expect(await write()).toMatchObject({
      outcome: "applied",
      receipt: expect.stringContaining("read back after the answer"),
    });
    expect(price()).toBe("165");
  });

  it.each([
    ["the connection dropped", { kind: "cut" }],
    ["a gateway answered", { kind: "server-error", status: 502, html: true }],
    ["a page came instead of an answer", { kind: "answer", status: 200, body: "<html>" }],
  ] as const)("is unknown when %s and the old value is still there", async (_, effect) => {
    const { fail, write, price } = await openChange();
    fail(WRITE, effect);
    expect(await write()).toMatchObject({ outcome: "unknown" });
    expect(price()).toBe("150.0000");
  });

  it("is refused when the server does not offer the call", async () => {
    const { fail, write } = await openChange();
    fail(WRITE, { kind: "answer", status: 403, body: "<!doctype html>" });
    expect(await write()).toMatchObject({
      outcome: "rejected",
      code: "tryton.not-exposed",
      message: expect.stringContaining("model.project.work.write"),
    });
  });

  it("writes nothing when the look before it fails, and says so", async () => {
    const { write, fake } = await openChange();
    fake.server.faults.add({ body: "search_read", times: 2, effect: { kind: "server-error", status: 503 } });
    expect(await write()).toMatchObject({
      outcome: "rejected",
      message: expect.stringMatching(/^Nothing was written\./),
    });
    expect(fake.calls).not.toContain("project.work.write");
  });

  it("does not go by a token it cannot read", async () => {
    const { writer, change, fake } = await openChange();
    expect(await writer.write({ ...change, token: "1795268416.132955" })).toMatchObject({
      outcome: "rejected",
      code: "tryton.bad-token",
    });
    expect(await writer.write({ ...change, token: "not json" })).toMatchObject({ code: "tryton.bad-token" });
    expect(fake.calls).not.toContain("project.work.write");
  });
});
