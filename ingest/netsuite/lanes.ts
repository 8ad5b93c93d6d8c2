/** How many requests are in flight: the account counts them all together and refuses what is over its limit. */

export interface Lanes {
  /** Runs when a lane is free. Pushes have one of their own and may use any other. */
  run<T>(purpose: "read" | "push", work: () => Promise<T>): Promise<T>;
}

export function lanes(count: number): Lanes {
  let reading = 0;
  let pushing = 0;
  const waiting: { purpose: "read" | "push"; start: () => void }[] = [];
  const free = (purpose: "read" | "push") =>
    reading + pushing < count && (purpose === "push" || reading < count - 1);
  const next = () => {
    // A push never waits behind reads.
    const at =
      free("push") && waiting.some((w) => w.purpose === "push")
        ? waiting.findIndex((w) => w.purpose === "push")
        : waiting.findIndex((w) => free(w.purpose));
    if (at >= 0) waiting.splice(at, 1)[0]?.start();
  };
  return {
    async run(purpose, work) {
      if (!free(purpose)) await new Promise<void>((start) => waiting.push({ purpose, start }));
      if (purpose === "read") reading++;
      else pushing++;
      try {
        return await work();
      } finally {
        if (purpose === "read") reading--;
        else pushing--;
        next();
      }
    },
  };
}
