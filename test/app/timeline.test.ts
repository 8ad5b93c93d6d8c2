/** Under which ids the readings and change logs of a record are looked up. */
import { expect, it } from "vitest";
import { withParents } from "#app/data/timeline.server";

it.each([
  ["a day's time under its week", "a2T5_2026-11-19", "a2T5"],
  ["a price under its list", "3:5", "3"],
  ["a project's price under its project", "work:2", "2"],
])("looks for %s", (_, id, parent) => {
  expect(withParents([id])).toContain(id);
  expect(withParents([id])).toContain(parent);
});

it("looks for each id once", () => {
  expect(withParents(["17", "17"])).toEqual(["17"]);
});
