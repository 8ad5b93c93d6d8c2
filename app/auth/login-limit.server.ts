/** Slows down guessing: after a number of wrong passwords for one name, or from one address, sign-in waits out a window. */
import type { Clock } from "#core/time";

const WINDOW_MS = 15 * 60_000;
const PER_NAME = 8;
const PER_ADDRESS = 40;
/** Names are the visitor's to invent, so what is remembered is bounded. */
const MOST_REMEMBERED = 10_000;

export interface LoginLimit {
  /** Milliseconds until another attempt is allowed; 0 means now. */
  waitMs(name: string, address: string): number;
  failed(name: string, address: string): void;
  succeeded(name: string): void;
}

export function loginLimit(clock: Clock): LoginLimit {
  const failures = new Map<string, number[]>();
  const recent = (key: string) => {
    const since = clock.now() - WINDOW_MS;
    return (failures.get(key) ?? []).filter((at) => at > since);
  };
  const wait = (key: string, limit: number) => {
    const times = recent(key);
    const oldest = times[times.length - limit];
    return oldest === undefined ? 0 : Math.max(0, oldest + WINDOW_MS - clock.now());
  };
  const note = (key: string) => {
    const times = [...recent(key), clock.now()];
    failures.delete(key);
    failures.set(key, times);
    const eldest = failures.keys().next().value;
    if (failures.size > MOST_REMEMBERED && eldest !== undefined) failures.delete(eldest);
  };
  return {
    waitMs: (name, address) => Math.max(wait(`name:${name}`, PER_NAME), wait(`from:${address}`, PER_ADDRESS)),
    failed(name, address) {
      note(`name:${name}`);
      note(`from:${address}`);
    },
    succeeded(name) {
      failures.delete(`name:${name}`);
    },
  };
}
