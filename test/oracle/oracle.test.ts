/** One small firm of the oracle, so that what it judges is judged every time the tests run; `npm run oracle` judges many. */
import { expect, it } from "vitest";
import { summarise } from "./report.ts";
import { runSeason } from "./season.ts";

it("finds what was planted in a random firm and nothing else, through bad weather, kills and an outage", async () => {
  const season = await runSeason(11, "small");
  expect(season.score.missed).toEqual([]);
  expect(season.score.unexplained).toEqual([]);
  expect(season.score.symptoms).toBeGreaterThan(0);
  expect(season.falseOpens).toEqual([]);
  expect(season.falseResolves).toEqual([]);
  expect(season.score.planted).toBeGreaterThan(15);
  expect(season.postedLate).toBeGreaterThan(0);
  expect(season.kills).toBeGreaterThan(0);
  expect(summarise([season])).toMatchObject({
    seeds: 1,
    recall: 1,
    precision: 1,
    falseOpens: 0,
    falseResolves: 0,
    moneyDifference: "0",
  });
}, 1_200_000);

it("counts what was missed, opened and resolved without cause against its rule", async () => {
  const none = {
    planted: 1,
    found: 0,
    recall: 0,
    precision: 1,
    falseOpens: 0,
    moneyDifference: "12.5",
    pushed: 0,
    verified: 0,
  };
  const season = {
    seed: 1,
    score: {
      ...none,
      nearMisses: 0,
      mispriced: [],
      byRule: { "TIM-01": none },
      missed: [],
      falselyOpened: [],
      symptoms: 0,
      unexplained: [],
    },
    falseOpens: ["TIM-01 time x"],
    falseResolves: ["TIM-01 time y"],
    interruptions: 0,
    postedLate: 0,
    kills: 0,
    overtaken: 0,
    perfect: false,
  };
  const bad = { planted: 2, recall: 0, precision: 0, falseOpens: 2, falseResolves: 2, moneyDifference: "25" };
  expect(summarise([season, season])).toEqual({
    seeds: 2,
    ...bad,
    byRule: { "TIM-01": bad },
  });
});
