import { describe, expect, it } from "vitest";
import { plantFaults } from "#sandbox/faults";
import { readBooks } from "#sandbox/faults/books";
import { startLife } from "#sandbox/life";
import { findDifferences, isKnown, name } from "./oracle.ts";
import { FRIDAY, seededFirm } from "./stores.ts";

const never = 2 ** 30;

function living(neverPercent: number) {
  const own = seededFirm({ asOf: FRIDAY, withhold: true });
  const { truth } = plantFaults(own.firm, own);
  const life = startLife(
    { firm: own.firm, stores: own, truth },
    { seed: 3, clock: own.clock, intervalMs: never, neverPercent },
  );
  return { ...own, truth, life };
}

describe("the firm's life", () => {
  it("goes on without touching what was planted, and leaves nothing else different but what never arrives", () => {
    const { clock, life, truth, salesforce, netsuite, firm } = living(20);
    // A day and a half of work in steps of five minutes; the last lags are then over.
    for (let n = 0; n < 120; n++) {
      life.tick();
      clock.advance(300_000);
    }
    const settled = [...truth.planted, ...truth.absorbed].filter(isKnown).map(name);
    for (let n = 0; n < 4; n++) {
      clock.advance(3_600_000);
      life.tick();
    }
    const found = findDifferences(readBooks(salesforce, netsuite), firm.today).map(name);
    for (const planted of settled) expect(found).toContain(planted);
    expect(life.posted.length).toBeGreaterThan(10);
    expect(life.lost.length).toBeGreaterThan(0);
    // What is still on its way was changed within the last tick.
    const known = new Set([...settled, ...life.lost.map((key) => `TIM-01 time ${key}`)]);
    const fresh = truth.nearMisses
      .filter((n) => (n.pendingUntil ?? "") > new Date(clock.now()).toISOString())
      .map(name);
    const rest = found.filter((f) => !known.has(f) && !fresh.includes(f));
    expect(rest.filter((f) => !/^(TIM-01|ASG-03) /.test(f))).toEqual([]);
    expect(rest.length).toBeLessThanOrEqual(2);
    life.stop();
  });

  it("leaves the money of what was planted as it was", () => {
    const { clock, life, truth, ...own } = living(0);
    for (let n = 0; n < 100; n++) {
      life.tick();
      clock.advance(60_000);
    }
    life.stop();
    const before = new Map(truth.planted.map((f) => [name(f), f.money]));
    const untouched = seededFirm({ asOf: FRIDAY, withhold: true });
    const again = plantFaults(untouched.firm, untouched).truth;
    for (const f of again.planted) expect(before.get(name(f))).toEqual(f.money);
    const lines = readBooks(own.salesforce, own.netsuite).psaLines.length;
    expect(lines).toBeGreaterThan(readBooks(untouched.salesforce, untouched.netsuite).psaLines.length);
  });

  it("puts right in time what is merely fresh", () => {
    const { clock, life, truth, salesforce, netsuite, firm } = living(0);
    const fresh = truth.nearMisses.filter((n) => n.pendingUntil !== null && isKnown(n)).map(name);
    const open = () => findDifferences(readBooks(salesforce, netsuite), firm.today).map(name);
    expect(open()).toEqual(expect.arrayContaining(fresh));
    // The longest settle time is a day.
    clock.advance(24 * 3_600_000);
    life.tick();
    life.stop();
    const left = open();
    for (const f of fresh) expect(left).not.toContain(f);
  });
});
