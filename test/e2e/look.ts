/** Every page in both themes and two widths: axe, nothing wider than the window, and the pictures for docs/screenshots. */
import { deepEqual, equal } from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { axeViolations } from "./browser.ts";
import type { Trip } from "./journeys.ts";

// `npm run e2e -- --screenshots` renews the pictures in docs; otherwise they are only taken, so that a run leaves the tree clean.
const PICTURES = process.argv.includes("--screenshots")
  ? join("docs", "screenshots")
  : mkdtempSync(join(tmpdir(), "plumbline-e2e-"));
const WIDE = 1440;
const NARROW = 390;

/** The pages there are, with an example of each that needs an id. */
async function places(page: Page, url: string): Promise<[string, string][]> {
  const first = async (path: string, link: string) => {
    await page.goto(url + path);
    return (await page.locator(link).first().getAttribute("href")) ?? path;
  };
  const wrongRate = await first("/exceptions?rule=RAT-02", "[data-open]:has-text('NetSuite')");
  return [
    ["overview", "/"],
    ["exceptions", "/exceptions"],
    ["exception", wrongRate],
    ["case", await first("/exceptions?rule=PRJ-01", "[data-open]")],
    ["exception-preview", `${wrongRate}?preview=1#push`],
    ["pushes", "/pushes"],
    ["push", await first("/pushes", "td.what a")],
    ["sync-health", "/sync"],
    ["runs", "/runs"],
    ["run", await first("/runs?comparison=time", "td a[href^='/runs/']")],
    ["rules", "/rules"],
    ["rule", "/rules/TIM-03"],
    ["not-found", "/nowhere"],
  ];
}

/** One check per theme and width. */
export const LOOKS = (["light", "dark"] as const).flatMap((theme) =>
  [WIDE, NARROW].map((width) => ({
    name: `every page is accessible and fits, ${theme}, ${width} px`,
    async look({ demo, visitors }: Trip): Promise<void> {
      const page = await visitors.as("finance", demo.url, { theme, width });
      const stranger = await visitors.stranger({ theme, width });
      await stranger.goto(`${demo.url}/login`);
      const problems: string[] = (await axeViolations(stranger)).map((v) => `login: ${v}`);
      if (width === WIDE)
        await stranger.screenshot({ path: join(PICTURES, pictureName("login", theme, width)) });
      for (const [name, path] of await places(page, demo.url)) {
        await page.goto(demo.url + path, { waitUntil: "networkidle" });
        problems.push(...(await axeViolations(page)).map((v) => `${name}: ${v}`));
        const tooWide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        equal(tooWide, 0, `${name} is ${tooWide} px wider than the window`);
        // One set of narrow pictures is enough to look at.
        if (name !== "not-found" && !(theme === "dark" && width === NARROW))
          await page.screenshot({ path: join(PICTURES, pictureName(name, theme, width)) });
      }
      deepEqual(problems, []);
    },
  })),
);

function pictureName(name: string, theme: string, width: number): string {
  return `${[name, ...(theme === "dark" ? ["dark"] : []), ...(width === NARROW ? ["narrow"] : [])].join("-")}.png`;
}
