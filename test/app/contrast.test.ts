/** Contrast by calculation (WCAG 2.2, AA), since a tool looking at a page gives up on many of its cells. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("app/styles/tokens.css", "utf8");
const tokens = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map((m) => [
    m[1] ?? "",
    { light: m[2] ?? "", dark: m[3] ?? "" },
  ]),
);

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** Text on each surface it appears on: 4.5. */
const SURFACES = ["page", "surface", "raised", "accent-tint"];
const TEXT: [string, string[]][] = [
  ["text", [...SURFACES, "warn-tint", "bad-tint", "good-tint", "quiet-tint"]],
  ["muted", SURFACES],
  ["accent", SURFACES],
  ["bad", ["surface", "bad-tint", "raised", "accent-tint"]],
  ["warn", ["surface", "warn-tint"]],
  ["good", ["surface", "good-tint"]],
  ["quiet", ["surface", "quiet-tint"]],
  ["side-left", ["surface"]],
  ["side-right", ["surface"]],
  ["on-accent", ["accent-strong"]],
];
/** Edges of controls and marks that carry meaning: 3. */
const EDGES: [string, string[]][] = [
  ["line-strong", ["surface", "page"]],
  ["good", ["page"]],
  ["bad", ["page"]],
  ["accent", ["raised"]],
];

const pairs = (list: [string, string[]][], least: number) =>
  list.flatMap(([front, backs]) =>
    backs.flatMap((back) => (["light", "dark"] as const).map((theme) => ({ front, back, theme, least }))),
  );

describe("contrast", () => {
  it("is computed from every colour there is", () => {
    expect(tokens.size).toBe([...css.matchAll(/#[0-9a-f]{6}/g)].length / 2);
  });

  it.each([...pairs(TEXT, 4.5), ...pairs(EDGES, 3)])(
    "of $front on $back, $theme, is at least $least",
    (pair) => {
      const front = tokens.get(pair.front)?.[pair.theme] ?? "";
      const back = tokens.get(pair.back)?.[pair.theme] ?? "";
      expect(contrast(front, back)).toBeGreaterThanOrEqual(pair.least);
    },
  );
});
