/** The Express application around the pages: what comes before Remix and what it is told about a request. */
import { join } from "node:path";
import { createRequestHandler } from "@remix-run/express";
import type { AppLoadContext, ServerBuild } from "@remix-run/server-runtime";
import compression from "compression";
import express, { type Express, type RequestHandler } from "express";
import { securityHeaders } from "./headers.ts";
import { alive, type Metrics, ready, type Watched } from "./health.ts";
import { sameOriginForms } from "./same-origin.ts";

export interface WebOptions {
  root: string;
  development: boolean;
  build: ServerBuild | (() => Promise<ServerBuild>);
  /** Vite's own handler, in development. */
  vite: RequestHandler | null;
  watched: Watched;
  metrics: Metrics;
  services: AppLoadContext["services"];
}

export function webApp(options: WebOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", "loopback");
  app.get("/healthz", alive);
  app.get("/readyz", ready(options.watched));
  app.get("/metrics", options.metrics.serve);
  app.use(options.metrics.measure);
  app.use(compression());
  app.use(securityHeaders({ development: options.development }));
  if (options.vite) app.use(options.vite);
  else {
    const client = join(options.root, "build/client");
    // Their names hold a hash of their content.
    app.use("/assets", express.static(join(client, "assets"), { immutable: true, maxAge: "1y" }));
    app.use(express.static(client, { maxAge: "1h", index: false }));
  }
  app.use(sameOriginForms);
  app.all(
    "*",
    createRequestHandler({
      build: options.build,
      mode: options.development ? "development" : "production",
      getLoadContext: (req, res) => ({
        services: options.services,
        nonce: String(res.locals.nonce),
        secure: req.secure,
        address: req.ip ?? "unknown",
      }),
    }),
  );
  return app;
}
