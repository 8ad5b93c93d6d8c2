/** How many requests a source may be sent: a token bucket for everything and a tenth of it that only pushes may use. */

/** Where waiting happens; monotonic milliseconds. */
export interface Timer {
  now(): number;
  /** Rejects with the signal's reason when it fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const realTimer: Timer = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const stop = () => {
        clearTimeout(timeout);
        reject(signal?.reason);
      };
      const timeout = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal?.addEventListener("abort", stop, { once: true });
    }),
};

export interface RateBudget {
  /** Waits for its turn. A push uses the reserve first and the common part when that is empty. */
  take(purpose: "read" | "push", signal?: AbortSignal): Promise<void>;
}

/** A budget of so many requests a minute, of which a tenth is kept for pushes. */
export function rateBudget(requestsPerMinute: number, timer: Timer): RateBudget {
  const common = bucket(requestsPerMinute * 0.9, timer);
  const reserve = bucket(requestsPerMinute * 0.1, timer);
  return {
    async take(purpose, signal) {
      for (;;) {
        signal?.throwIfAborted();
        if (purpose === "push" && reserve.tryTake()) return;
        if (common.tryTake()) return;
        const wait = purpose === "push" ? Math.min(reserve.wait(), common.wait()) : common.wait();
        await timer.sleep(wait, signal);
      }
    },
  };
}

/** Holds a tenth of a minute's tokens at most and refills with the other nine, so that no minute sees more than `perMinute`. */
function bucket(perMinute: number, timer: Timer) {
  const capacity = Math.max(1, perMinute / 10);
  const perMs = Math.max(perMinute - capacity, perMinute / 2) / 60_000;
  let tokens = capacity;
  let filledAt = timer.now();
  const fill = () => {
    const now = timer.now();
    tokens = Math.min(capacity, tokens + (now - filledAt) * perMs);
    filledAt = now;
  };
  return {
    tryTake(): boolean {
      fill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    /** Milliseconds until there is a token; at least one, so that rounding cannot make a busy loop. */
    wait(): number {
      fill();
      return Math.max(1, Math.ceil((1 - tokens) / perMs));
    },
  };
}
