/**
 * A reconciliation that is killed in the middle: the process that runs it dies between two statements, so that nothing it would have
 * asked for after them is ever done; or the engine dies under a statement. Where it strikes is drawn, and the same for a seed.
 */
import type { Random } from "#sandbox/firm/random";
import { readAddress } from "#sql/engine/address";
import type { Store } from "#sql/store";
import type { TestStore } from "../support/store.ts";

/** About as many statements as a full run of a small firm takes. */
const STATEMENTS = 400;

/** Runs `work` on a store on which it is struck; whatever it says of that is not listened to. Returns whether it was struck. */
export async function killed(
  store: TestStore,
  random: Random,
  work: (store: Store) => Promise<unknown>,
): Promise<boolean> {
  const how = random.pick(["process", "engine"] as const);
  const last = random.int(5, STATEMENTS);
  let count = 0;
  const strike = () => {
    count++;
    if (how === "process" && count > last) throw new Error("The process that asked for this is gone.");
    if (how === "engine" && count === last) {
      const pid = readAddress(store.dataDir ?? "")?.pid;
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    }
  };
  await work({
    ...store,
    query: async (...args) => {
      strike();
      return store.query(...args);
    },
    async *stream(...args) {
      strike();
      yield* store.stream(...args);
    },
    insert: async (...args) => {
      strike();
      return store.insert(...args);
    },
    command: async (...args) => {
      strike();
      return store.command(...args);
    },
  }).catch(() => undefined);
  return count >= last;
}
