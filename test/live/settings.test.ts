/** What a person hears when the configuration does not fit the systems: keys, passwords, names. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SourceConfig } from "#core/config";
import { systemClock } from "#core/time";
import { type OpenSource, openSources } from "#ingest/registry";
import { checkSources, ingestAll } from "#ingest/run";
import { openWorld, type World, withoutLogs } from "./support/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld("vanilla", withoutLogs);
}, 120_000);
afterEach(() => world.restore());
afterAll(() => world?.close());

/** One source of the configuration, with other settings. */
function sourceWith(id: string, settings: Record<string, unknown>): OpenSource[] {
  const change = (s: SourceConfig): SourceConfig => ({ ...s, settings: { ...s.settings, ...settings } });
  const sources = world.config.sources.filter((s) => s.id === id).map(change);
  return openSources({ ...world.config, sources }, { clock: systemClock });
}
/** What the connection check says is wrong, and what a read fails with. */
async function heard(sources: OpenSource[]): Promise<{ check: string; read: string }> {
  const [check] = await checkSources(sources);
  const report = await ingestAll(world.store, sources, { clock: systemClock });
  return {
    check: (check?.results ?? []).flatMap((r) => (r.ok ? [] : [r.message])).join("\n"),
    read: report.streams.flatMap((s) => (s.ok ? [] : [s.error])).join("\n"),
  };
}

describe("a configuration that does not fit", () => {
  it("with a wrong API key: where to find the right one", async () => {
    const { check, read } = await heard(sourceWith("redmine", { apiKey: "0".repeat(40) }));
    expect(read).toContain("does not know the API key");
    expect(check).toContain("does not know the API key");
  });

  it("with a custom field that does not exist: which, where, and what there is instead", async () => {
    const { check, read } = await heard(sourceWith("redmine", { employeeNumberField: "Staff number" }));
    for (const text of [check, read]) {
      expect(text).toContain('"Staff number"');
      expect(text).toContain("employeeNumberField");
      expect(text).toContain('"Employee no"');
    }
  });

  it("with a tracker that does not exist: which, and what there is instead", async () => {
    const { check, read } = await heard(sourceWith("redmine", { allocationTracker: "Staffing" }));
    for (const text of [check, read]) {
      expect(text).toContain('"Staffing"');
      expect(text).toContain("allocationTracker");
      expect(text).toContain('"Allocation"');
    }
  });

  it("with a field that is not on the tracker it is read from", async () => {
    const { check, read } = await heard(sourceWith("redmine", { currencyField: "Allocation %" }));
    for (const text of [check, read]) expect(text).toContain('"Allocation %"');
  });

  it("with a database that does not exist", async () => {
    const { check, read } = await heard(sourceWith("tryton-erp", { database: "nowhere" }));
    for (const text of [check, read]) expect(text).toContain('no database "nowhere"');
  });

  it("with a field no model has: which, and the setting", async () => {
    const { check, read } = await heard(sourceWith("tryton-erp", { roleName: "template.grade" }));
    for (const text of [check, read]) expect(text).toMatch(/template\.grade|"grade"/);
  });

  it("with a wrong password: said once, and not tried until the account is locked", async () => {
    const login = "careless";
    const [user] = await world.tryton.create("res.user", {
      name: "Careless",
      login,
      password: "right-password-1",
    });
    world.afterwards(() =>
      world.tryton.write("res.user", [user as number], { active: false, login: `gone-${user}` }),
    );
    const wrong = sourceWith("tryton-erp", { username: login, password: "wrong-password-1" });
    const first = await heard(wrong);
    expect(first.read).toMatch(/password/i);
    // Asked again and again, the connector does not send it again: the right one still opens the door.
    for (let n = 0; n < 6; n++) await heard(wrong);
    const right = await checkSources(
      sourceWith("tryton-erp", { username: login, password: "right-password-1" }),
    );
    expect(right[0]?.results.map((r) => r.message).join("\n")).not.toMatch(/locked|password/i);
  });

  it("with an account that is locked: that it is, and for how long", async () => {
    const login = "locked-out";
    const [user] = await world.tryton.create("res.user", {
      name: "Locked",
      login,
      password: "right-password-2",
    });
    world.afterwards(() =>
      world.tryton.write("res.user", [user as number], { active: false, login: `gone-${user}` }),
    );
    for (let n = 0; n < 6; n++)
      await heard(sourceWith("tryton-erp", { username: login, password: `guess-number-${n}` }));
    const { check, read } = await heard(
      sourceWith("tryton-erp", { username: login, password: "right-password-2" }),
    );
    for (const text of [check, read]) expect(text).toMatch(/locked|too many/i);
  });
});
