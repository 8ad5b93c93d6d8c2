import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vitest/config";
import remixConfig from "./remix.config.js";

export default defineConfig({
  plugins: process.env.VITEST ? [] : [remix(remixConfig)],
  ssr: { external: ["chdb", "@clickhouse/client"] },
  optimizeDeps: { include: ["react", "react-dom", "recharts"] },
  test: {
    environment: "node",
    // The embedded engine crashes in worker threads.
    pool: "forks",
    maxWorkers: 2,
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
