/** Repeatable chance: the same seed and label give the same firm for ever, on every machine. */

export interface Random {
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** True with probability `percent` / 100. */
  chance(percent: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** A copy in random order. */
  shuffled<T>(from: readonly T[]): T[];
  /** A stream of its own, so that drawing more for one thing does not change another. */
  fork(label: string): Random;
}

/** 32-bit avalanche mix (the finaliser of MurmurHash3): neighbouring inputs give unrelated outputs. */
export function mix(n: number): number {
  let h = n | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function labelled(seed: number, label: string): number {
  let h = mix(seed ^ 0x9e3779b9);
  for (let i = 0; i < label.length; i++) h = mix(h ^ label.charCodeAt(i));
  return h;
}

export function createRandom(seed: number, label = "firm"): Random {
  const start = labelled(seed, label);
  let counter = 0;
  const next = () => mix(start ^ mix(++counter));
  const random: Random = {
    int: (low, high) => low + (next() % (high - low + 1)),
    chance: (percent) => next() % 10_000 < percent * 100,
    pick: (from) => {
      const chosen = from[next() % from.length];
      if (chosen === undefined) throw new RangeError("Nothing to pick from.");
      return chosen;
    },
    shuffled: (from) => {
      const copy = [...from];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = next() % (i + 1);
        [copy[i], copy[j]] = [copy[j] as (typeof copy)[number], copy[i] as (typeof copy)[number]];
      }
      return copy;
    },
    fork: (name) => createRandom(start, name),
  };
  return random;
}
