/** The only reader of process.env. Parsed once; a bad value stops the start with its name. */
import { z } from "zod";

const Env = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).catch("development"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().default("127.0.0.1"),
  ROLE: z.enum(["web", "worker", "all"]).default("all"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  PLUMBLINE_CONFIG: z.string().default("plumbline.config.yaml"),
  PLUMBLINE_DATA: z.string().default("data"),
  PLUMBLINE_SESSION_SECRET: z.string().min(16).optional(),
  /** Asked for as a bearer token by /metrics; without it only this machine may read the figures. */
  PLUMBLINE_METRICS_TOKEN: z.string().min(16).optional(),
  CLICKHOUSE_URL: z.url().optional(),
  CLICKHOUSE_USER: z.string().default("default"),
  CLICKHOUSE_PASSWORD: z.string().default(""),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/)
    .default("plumbline"),
  CLICKHOUSE_TEST_URL: z.url().optional(),
  /** Memory the embedded engine may use, in bytes. */
  PLUMBLINE_ENGINE_MEMORY: z.coerce.number().int().positive().default(4_000_000_000),
});

export type Env = z.infer<typeof Env>;

/** Parse an environment. Throws an Error naming every bad variable. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  // An empty value means the same as none, as in a copied .env file.
  const parsed = Env.safeParse(Object.fromEntries(Object.entries(source).filter(([, v]) => v !== "")));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((i) => `  ${i.path.join(".")}: ${i.message}`);
  throw new Error(`The environment has values Plumbline cannot use:\n${lines.join("\n")}`);
}

export const env: Env = parseEnv(process.env);

/** The value of one variable named in the configuration (`\${NAME}`), or undefined. */
export function envValue(name: string): string | undefined {
  return process.env[name];
}

/** This process's environment with some variables set, for a child process. */
export function inheritedEnv(extra: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}
