/** Every loader and every action refuses whoever is not signed in; every action refuses a form without this session's token. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#core/time";
import { openTestStore, type TestStore } from "../support/store.ts";
import { openConsole, type TestConsole } from "./support/console.ts";
import { argsOf, cookieOf, statusOf, thrownBy } from "./support/visit.ts";

interface Route {
  loader?: (args: ReturnType<typeof argsOf>) => unknown;
  action?: (args: ReturnType<typeof argsOf>) => unknown;
}

/** Open to anybody: signing in and out, and the colours. */
const OPEN = ["login.tsx", "logout.tsx", "theme.tsx"];

const files = readdirSync("app/routes");
const routes = await Promise.all(
  files.map(async (file) => ({
    file,
    route: (await import(/* @vite-ignore */ join(process.cwd(), "app/routes", file))) as Route,
  })),
);
const guarded = routes.filter((r) => !OPEN.includes(r.file));

let store: TestStore;
let it_: TestConsole;
beforeAll(async () => {
  store = await openTestStore();
  it_ = await openConsole(store, systemClock);
});
afterAll(async () => {
  await it_.close();
  await store.close();
});

describe("the doors", () => {
  it("are there: routes were found, with loaders and actions among them", () => {
    expect(guarded.length).toBeGreaterThan(8);
    expect(guarded.filter((r) => r.route.action).length).toBeGreaterThan(4);
    expect(OPEN.every((f) => files.includes(f))).toBe(true);
  });

  it.each(guarded.filter((r) => r.route.loader))(
    "the loader of $file sends a stranger to the sign-in page",
    async ({ route }) => {
      const thrown = await thrownBy(() =>
        route.loader?.(argsOf({ services: it_.services, path: "/somewhere?x=1", params: { id: "x" } })),
      );
      expect(statusOf(thrown)).toBe(302);
      expect((thrown as Response).headers.get("location")).toMatch(/^\/login/);
    },
  );

  it.each(guarded.filter((r) => r.route.action))(
    "the action of $file does nothing for a stranger",
    async ({ route }) => {
      const thrown = await thrownBy(() =>
        route.action?.(
          argsOf({
            services: it_.services,
            path: "/somewhere",
            params: { id: "x" },
            form: [["intent", "run-all"]],
          }),
        ),
      );
      expect(statusOf(thrown)).toBe(302);
      expect((thrown as Response).headers.get("location")).toMatch(/^\/login/);
    },
  );

  it.each(guarded.filter((r) => r.route.action))(
    "the action of $file refuses a form without the session's token",
    async ({ route }) => {
      const cookie = await cookieOf(it_.services, "admin");
      const answer = await Promise.resolve(
        route.action?.(
          argsOf({
            services: it_.services,
            path: "/somewhere",
            params: { id: "x" },
            cookie,
            form: [
              ["intent", "run-all"],
              ["csrf", "made up"],
            ],
          }),
        ),
      ).catch((thrown: unknown) => thrown);
      expect(statusOf(answer)).toBe(403);
    },
  );

  it("a session ends when the account's epoch is raised, and roles are read afresh on every request", async () => {
    const { services } = it_;
    const { signedIn } = await import("../../app/auth/guard.server.ts");
    const { syncAccounts } = await import("../../app/auth/accounts.server.ts");
    const cookie = await cookieOf(services, "viewer");
    const args = argsOf({ services, path: "/", cookie });
    expect((await signedIn(args)).user.roles).toEqual(["viewer"]);

    const people = services.config.people;
    const promoted = people.map((p) => (p.name === "viewer" ? { ...p, roles: ["finance" as const] } : p));
    await syncAccounts(services.store, services.clock, promoted);
    expect((await signedIn(args)).user.roles).toEqual(["finance"]);

    const changed = promoted.map((p) =>
      p.name === "viewer" ? { ...p, password: "another long password" } : p,
    );
    await syncAccounts(services.store, services.clock, changed);
    expect(statusOf(await thrownBy(() => signedIn(args)))).toBe(302);
  });
});
