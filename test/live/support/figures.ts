/** Figures of a run, shown as a table at its end. They are told, never asserted: servers and machines differ. */
import { afterAll } from "vitest";

const figures: { what: string; rows: number; seconds: string; "rows/s": string }[] = [];

/** @param rows how many, 0 where only the time counts */
export function note(what: string, rows: number, ms: number): void {
  const seconds = Math.max(ms, 1) / 1000;
  figures.push({
    what,
    rows,
    seconds: seconds.toFixed(1),
    "rows/s": rows === 0 ? "" : String(Math.round(rows / seconds)),
  });
}

afterAll(() => {
  if (figures.length > 0) console.table(figures);
});
