/** A firm's history as steps in time: collected in any order, carried out oldest first. */
import { InvariantError } from "#core/errors";

export interface Replay {
  /** Something that happened at an instant. Steps at the same instant happen in the order they were added. */
  step(at: number, act: (at: number) => void): void;
  run(): void;
}

export function createReplay(): Replay {
  const steps: { at: number; act: (at: number) => void }[] = [];
  return {
    step: (at, act) => void steps.push({ at, act }),
    run() {
      steps.sort((a, b) => a.at - b.at);
      for (const s of steps) s.act(s.at);
      steps.length = 0;
    },
  };
}

/** The firm's own id of a record → a vendor's id. */
export type VendorIds = ReadonlyMap<string, string>;

/** Throws InvariantError when the record is not in that vendor's system (yet). */
export function idOf(ids: VendorIds, own: string): string {
  const id = ids.get(own);
  if (id === undefined) throw new InvariantError("sandbox.no-vendor-id", `${own} has no id in this system`);
  return id;
}

/** What never reaches the ERP, by the firm's own ids: projects, assignments, and time lines as `<timecard>|<day 0-6>`. */
export interface Withheld {
  has(id: string): boolean;
}
