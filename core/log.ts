/** Structured logs, one JSON line each; secrets are redacted by key name. */
import pino from "pino";
import { env } from "./env.ts";

const SECRET_KEYS = ["password", "secret", "token", "authorization", "cookie", "clientSecret", "privateKey"];

export const log = pino(
  {
    level: env.LOG_LEVEL,
    base: null,
    redact: { paths: SECRET_KEYS.flatMap((k) => [k, `*.${k}`]), censor: "[redacted]" },
    // Standard error, so that `--json` output on standard output stays parseable.
  },
  pino.destination(2),
);

export type Log = typeof log;
