import { afterAll } from "vitest";
import { describeConnector } from "../../support/conformance.ts";
import { openWorld, seed, type World } from "./world.ts";

const worlds: World[] = [];
afterAll(() => Promise.all(worlds.map((w) => w.close())));

async function opened(hasFeed: boolean) {
  const world = await openWorld({ pageSize: 4 }, { hasFeed });
  worlds.push(world);
  const { issue, time } = seed(world);
  // More in one second than a page holds, and then one after the other.
  for (let n = 0; n < 14; n++) issue(100 + n, 4, 11, {}, world.clock.now() - 86_400_000);
  for (let n = 0; n < 6; n++) issue(200 + n, 4, 11, {}, world.clock.now() - 3_600_000 + n * 1500);
  for (let n = 10; n < 30; n++) time(n, "2026-11-10", 4);
  world.fake.journals.set(21, [
    {
      id: 7,
      user: { id: 5, name: "Ada Lovelace" },
      created_on: "2026-10-01T09:00:00Z",
      details: [{ property: "attr", name: "subject", old_value: "Discover", new_value: "Discovery" }],
    },
  ]);
  world.clock.advance(60_000);
  if (hasFeed) world.fake.remove("times", 29);
  return world.opened;
}

describeConnector("Redmine", () => opened(false), { mayBeEmpty: ["change_feed"] });
describeConnector("Redmine, with its change feed,", () => opened(true));
