/** Members to plant faults on, drawn without putting back. */
import { InvariantError } from "#core/errors";
import type { Random } from "../firm/random.ts";

export interface Pool<T> {
  /** Removes `count` members, from each legal entity in turn. Throws InvariantError when there are fewer. */
  take(count: number, what: string, order?: (a: T, b: T) => number): T[];
  /** As `take`, content with fewer. */
  upTo(count: number): T[];
}

/** `entityOf`: whose turn it is goes round the legal entities. Who does not fit is left out without changing what is drawn after. */
export function pool<T>(
  random: Random,
  members: readonly T[],
  entityOf: (member: T) => string,
  fits: (member: T) => boolean = () => true,
): Pool<T> {
  let left = random.shuffled(members).filter(fits);
  let turn = 0;
  const next = (): T | undefined => {
    const entities = [...new Set(left.map(entityOf))].sort();
    const entity = entities[turn++ % Math.max(entities.length, 1)];
    const index = left.findIndex((m) => entityOf(m) === entity);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  const upTo = (count: number) => Array.from({ length: count }, next).filter((m) => m !== undefined);
  return {
    upTo,
    take(count, what, order) {
      if (order) left = [...left].sort(order);
      const taken = upTo(count);
      if (taken.length < count)
        throw new InvariantError(
          "sandbox.too-small",
          `The make-believe firm has too few ${what} to plant faults on`,
        );
      return taken;
    },
  };
}
