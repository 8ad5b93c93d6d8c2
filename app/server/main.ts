/**
 * The server: pages, jobs, or both, by ROLE. It loads the built pages (in development vite builds them as they are asked for) and
 * takes the services and the jobs from that same bundle.
 */
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/server-runtime";
import { env } from "#core/env";
import { ConfigError, sayError } from "#core/errors";
import { log } from "#core/log";
import type * as Entry from "../entry.server.tsx";
import { metrics } from "./health.ts";
import { stopOnSignal } from "./stop.ts";
import { webApp } from "./web.ts";

const development = env.NODE_ENV === "development";
const root = projectRoot();

async function main(): Promise<void> {
  const vite = development ? await developmentServer() : null;
  const load = async (): Promise<ServerBuild> =>
    vite
      ? ((await vite.ssrLoadModule("virtual:remix/server-build")) as unknown as ServerBuild)
      : builtPages();
  const build = await load();
  const entry = build.entry.module as unknown as typeof Entry;
  const services = await entry.openServices();
  const jobs = env.ROLE === "web" ? null : entry.startJobs(services);

  const app =
    env.ROLE === "worker"
      ? null
      : webApp({
          root,
          development,
          build: vite ? load : build,
          vite: vite?.middlewares ?? null,
          watched: services.watched,
          metrics: metrics(services.watched, env.PLUMBLINE_METRICS_TOKEN),
          services,
        });
  const server = app ? createServer(app) : null;
  if (server) {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(env.PORT, env.HOST, resolve);
    });
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : env.PORT;
    log.info({ url: `http://${env.HOST}:${port}`, role: env.ROLE }, "listening");
  }
  stopOnSignal(server, async () => {
    await jobs?.stop();
    await services.close();
    await vite?.close();
  });
}

async function builtPages(): Promise<ServerBuild> {
  const path = join(root, "build/server/index.js");
  if (!existsSync(path))
    throw new ConfigError("server.not-built", `No build at ${path}`, {
      userMessage: "The pages have not been built. Run: npm run build",
    });
  return (await import(pathToFileURL(path).href)) as ServerBuild;
}

async function developmentServer() {
  const { createServer: createVite } = await import("vite");
  return createVite({ root, server: { middlewareMode: true } });
}

/** The folder that holds package.json, from the source as from `dist/`. */
function projectRoot(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, "package.json"))) at = dirname(at);
  return at;
}

main().catch((error: unknown) => {
  log.fatal({ err: error }, "could not start");
  process.stderr.write(`\n${sayErrorOfAnyCopy(error)}\n`);
  process.exit(1);
});

/** The bundle of pages has its own copy of the error classes. */
function sayErrorOfAnyCopy(error: unknown): string {
  return error instanceof Error && "userMessage" in error ? String(error.userMessage) : sayError(error);
}
