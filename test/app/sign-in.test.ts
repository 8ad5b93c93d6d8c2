/** Signing in: passwords, guessing, and where one lands. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { manualClock } from "#core/time";
import { loginLimit } from "../../app/auth/login-limit.server.ts";
import { hashPassword, verifyPassword } from "../../app/auth/password.server.ts";
import { sessionSecret } from "../../app/auth/session.server.ts";
import { signIn } from "../../app/auth/sign-in.server.ts";
import { openTestStore, type TestStore } from "../support/store.ts";
import { openConsole, PASSWORD, type TestConsole } from "./support/console.ts";
import { argsOf, statusOf, TOKEN, thrownBy } from "./support/visit.ts";

const clock = manualClock("2026-11-20T09:00:00.000Z");
let store: TestStore;
let console_: TestConsole;
beforeAll(async () => {
  store = await openTestStore();
  console_ = await openConsole(store, clock);
});
afterAll(async () => {
  await console_.close();
  await store.close();
});

async function attempt(name: string, password: string, next = "/") {
  const { services } = console_;
  const session = await services.sessions.getSession();
  session.set("csrf", TOKEN);
  const cookie = (await services.sessions.commitSession(session)).split(";")[0] ?? "";
  const args = argsOf({
    services,
    path: "/login",
    cookie,
    form: [
      ["name", name],
      ["password", password],
      ["next", next],
    ],
  });
  return signIn(args).catch((thrown: unknown) => thrown);
}

describe("a password", () => {
  it("is right only when it is the same, however its accents are composed", async () => {
    const hash = await hashPassword("caf\u00e9 au lait");
    expect(hash).not.toContain("lait");
    expect(await verifyPassword("cafe\u0301 au lait", hash)).toBe(true);
    expect(await verifyPassword("cafe au lait", hash)).toBe(false);
    expect(await verifyPassword("anything", "")).toBe(false);
    expect(await hashPassword("caf\u00e9 au lait")).not.toBe(hash);
  });
});

describe("signing in", () => {
  it("leads to the page that was asked for, with a session that scripts cannot read", async () => {
    const answer = (await attempt("finance", PASSWORD, "/exceptions?rule=RAT-02")) as Response;
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toBe("/exceptions?rule=RAT-02");
    expect(answer.headers.get("set-cookie")).toMatch(/HttpOnly; SameSite=Lax/);
  });

  it.each(["//evil.example", "https://evil.example", "/\\evil.example"])(
    "never leads to another site: %s",
    async (next) => {
      expect(((await attempt("finance", PASSWORD, next)) as Response).headers.get("location")).toBe("/");
    },
  );

  it("says the same about a wrong password and a name nobody has", async () => {
    const wrong = (await attempt("finance", "not the password")) as { data: unknown };
    const nobody = (await attempt("nobody-here", "not the password")) as { data: unknown };
    expect(statusOf(wrong)).toBe(401);
    expect(statusOf(nobody)).toBe(401);
    expect(wrong.data).toEqual(nobody.data);
  });

  it("closes for a name that is being guessed at, for that name alone, and opens again after the window", async () => {
    for (let n = 0; n < 8; n++) await attempt("exec", `guess ${n}`);
    expect(statusOf(await attempt("exec", PASSWORD))).toBe(429);
    expect(statusOf(await attempt("pmo", PASSWORD))).toBe(302);
    clock.advance(16 * 60_000);
    expect(statusOf(await attempt("exec", PASSWORD))).toBe(302);
  });

  it("refuses a form without the token of the page it was on", async () => {
    const { services } = console_;
    const args = argsOf({
      services,
      path: "/login",
      form: [
        ["name", "finance"],
        ["password", PASSWORD],
      ],
    });
    expect(await thrownBy(() => signIn(args))).toMatchObject({ name: "ForbiddenError" });
  });
});

describe("the limit on guessing", () => {
  it("also counts by address, so that many names from one place are slowed down", () => {
    const limit = loginLimit(clock);
    for (let n = 0; n < 40; n++) limit.failed(`name-${n}`, "10.0.0.1");
    expect(limit.waitMs("somebody-else", "10.0.0.1")).toBeGreaterThan(0);
    expect(limit.waitMs("somebody-else", "10.0.0.2")).toBe(0);
  });

  it("forgets a name's failures when it signs in", () => {
    const limit = loginLimit(clock);
    for (let n = 0; n < 8; n++) limit.failed("anna", "10.0.0.1");
    expect(limit.waitMs("anna", "10.0.0.9")).toBeGreaterThan(0);
    limit.succeeded("anna");
    expect(limit.waitMs("anna", "10.0.0.9")).toBe(0);
  });
});

describe("the key that signs sessions", () => {
  it("is the configured one, or one made once that only its owner can read", () => {
    const dir = mkdtempSync(join(tmpdir(), "plumbline-key-"));
    try {
      expect(sessionSecret("a configured secret of enough length", dir)).toBe(
        "a configured secret of enough length",
      );
      const made = sessionSecret(undefined, dir);
      expect(made.length).toBeGreaterThan(40);
      expect(sessionSecret(undefined, dir)).toBe(made);
      expect(readFileSync(join(dir, "session.key"), "utf8")).toBe(made);
      expect(statSync(join(dir, "session.key")).mode & 0o077).toBe(0);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
