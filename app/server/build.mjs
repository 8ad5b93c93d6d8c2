// Bundles what runs outside the pages: the server, the command line and the embedded engine's process. Packages stay outside.
import { chmodSync } from "node:fs";
import { build } from "esbuild";

// The package's own `#…` names (package.json, imports) are bundled; a marked-external package.json lookup would leave them as `.ts`.
const ownImports = {
  name: "own-imports",
  setup(context) {
    context.onResolve({ filter: /^#(core|sql|ingest|reconcile|sandbox|app)\// }, ({ path, kind }) =>
      context.resolve(`./${path.slice(1)}.ts`, { kind, resolveDir: process.cwd() }),
    );
  },
};

await build({
  entryPoints: { server: "app/server/main.ts", cli: "app/cli/main.ts", engine: "sql/engine/main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  plugins: [ownImports],
  logLevel: "info",
});

// `npx plumbline` runs it as a program.
chmodSync("dist/cli.js", 0o755);
