/** The suite on real servers; `npm run test:live` starts them and runs this. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  ssr: { external: ["chdb", "@clickhouse/client"] },
  test: {
    environment: "node",
    // The embedded engine crashes in worker threads; the servers are shared, so one file at a time.
    pool: "forks",
    maxWorkers: 1,
    fileParallelism: false,
    include: ["test/live/**/*.test.ts"],
    testTimeout: 240_000,
    hookTimeout: 300_000,
  },
});
