/** For whoever watches the process: alive, ready, and its figures. */
import type { Request, RequestHandler } from "express";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** What the endpoints ask of the running application. */
export interface Watched {
  /** Throws when the store does not answer. */
  ping(): Promise<void>;
  /** Further figures, as `name{labels}` samples read when asked. */
  gauges(): Promise<readonly Gauge[]>;
}
export interface Gauge {
  name: string;
  help: string;
  samples: readonly { labels: Record<string, string>; value: number }[];
}

export const alive: RequestHandler = (_req, res) => {
  res.type("text/plain").send("ok\n");
};

export function ready(watched: Watched): RequestHandler {
  return async (_req, res) => {
    try {
      await watched.ping();
      res.type("text/plain").send("ready\n");
    } catch {
      res.status(503).type("text/plain").send("The database does not answer.\n");
    }
  };
}

export interface Metrics {
  /** Times every request that passes. */
  measure: RequestHandler;
  serve: RequestHandler;
}

/**
 * Prometheus text. With a token it is asked for as a bearer token; without one only this machine may read it, since the figures
 * say how much is at stake.
 */
export function metrics(watched: Watched, token: string | undefined): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: "plumbline_http_request_seconds",
    help: "Time to answer, by method and status",
    labelNames: ["method", "status"],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    measure(req, res, next) {
      const stop = seconds.startTimer({ method: req.method });
      res.once("finish", () => stop({ status: String(res.statusCode) }));
      next();
    },
    async serve(req, res) {
      const allowed = token ? req.get("authorization") === `Bearer ${token}` : isLocal(req);
      if (!allowed) return void res.status(403).type("text/plain").send("Not allowed.\n");
      const gauges = await watched.gauges().catch(() => []);
      res.type(registry.contentType).send((await registry.metrics()) + gauges.map(print).join(""));
    },
  };
}

function isLocal(req: Request): boolean {
  const from = req.socket.remoteAddress ?? "";
  return /^(::1|(::ffff:)?127\.)/.test(from) && req.get("x-forwarded-for") === undefined;
}

function print(gauge: Gauge): string {
  const lines = gauge.samples.map((s) => {
    const labels = Object.entries(s.labels)
      .map(([k, v]) => `${k}="${v.replace(/["\\\n]/g, "_")}"`)
      .join(",");
    return `${gauge.name}{${labels}} ${s.value}\n`;
  });
  return `# HELP ${gauge.name} ${gauge.help}\n# TYPE ${gauge.name} gauge\n${lines.join("")}`;
}
