import { expect, it } from "vitest";
import { createRandom } from "#sandbox/firm/random";
import type { Store } from "#sql/store";
import type { TestStore } from "../support/store.ts";
import { killed } from "./killed.ts";

/** A store without an engine that counts the statements it was asked for. */
function counting(): { store: TestStore; statements: () => number } {
  let statements = 0;
  const done = async () => {
    statements++;
    return [];
  };
  const store: TestStore = {
    query: done,
    async *stream() {
      yield* await done();
    },
    insert: () => done().then(() => undefined),
    command: () => done().then(() => undefined),
    database: "",
    embedded: true,
    dataDir: null,
    ping: async () => {},
    close: async () => {},
  };
  return { store, statements: () => statements };
}

const asks = (times: number) => async (store: Store) => {
  for (let n = 0; n < times; n++) await store.command("");
};

it("lets nothing through once the process is dead, and everything where the run ends before", async () => {
  const struck: number[] = [];
  for (let seed = 1; seed <= 20; seed++) {
    const { store, statements } = counting();
    const isStruck = await killed(store, createRandom(seed), asks(1_000));
    expect(isStruck).toBe(true);
    // Without an engine to kill, the other half of the seeds strikes nothing.
    if (statements() < 1_000) struck.push(statements());
    const short = counting();
    expect(await killed(short.store, createRandom(seed), asks(4))).toBe(false);
    expect(short.statements()).toBe(4);
  }
  expect(struck.length).toBeGreaterThan(3);
  expect(struck.length).toBeLessThan(17);
  expect(new Set(struck).size).toBeGreaterThan(1);
});
