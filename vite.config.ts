import { vitePlugin as remix } from "@remix-run/dev";
import { configDefaults, defineConfig } from "vitest/config";
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
    // These need real servers: npm run test:live.
    exclude: [...configDefaults.exclude, "test/live/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
