import { afterEach, describe, expect, it } from "vitest";
import { changesOf, openWorld, readAll, seed, type World } from "./world.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

describe("one save that changes several fields", () => {
  it("gives each of them as a change of its own", async () => {
    world = await openWorld({}, { hasFeed: true });
    seed(world);
    const feed = world.stream("change_feed");
    const { bookmark } = await readAll(feed);
    world.clock.advance(60_500);
    world.fake.put("times", { id: 3, hours: 4, spent_on: "2026-11-13" });
    const changes = changesOf(feed, (await readAll(feed, bookmark)).records);
    expect(changes.map((c) => c.field).sort()).toEqual(["hours", "work_on"]);
    // The store keeps one row per record, time and change id.
    expect(new Set(changes.map((c) => c.changeId)).size).toBe(2);
  });
});
