import { expect, it } from "vitest";
import { blockingNow } from "../../app/words.ts";

it("says that what a rule in shadow or a retired rule finds blocks nothing, whatever the rule would block", () => {
  expect(blockingNow("shadow", "hard")).toBe("no");
  expect(blockingNow("retired", "soft")).toBe("no");
  expect(blockingNow("open", "hard")).toBe("hard");
  expect(blockingNow("active", "soft")).toBe("soft");
});
