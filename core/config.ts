/**
 * The one configuration file, `plumbline.config.yaml`: read, its secrets filled in, checked. Every mistake is reported at once,
 * with its line and what to do; nothing starts on a file that is wrong. What is particular to a vendor is checked against the
 * schema that the vendor's connector brings.
 */
import { readFileSync } from "node:fs";
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { z } from "zod";
import { entityIssues, recordIssues, ruleIssues } from "./config-catalogue.ts";
import { ConfigError } from "./errors.ts";
import { ROLES, type Role } from "./roles.ts";
import { durationMs } from "./time.ts";

const id = z.string().regex(/^[a-z][a-z0-9-]*$/, "use lower-case letters, digits and dashes");
const currency = z.string().regex(/^[A-Z]{3}$/, "use an ISO 4217 code such as USD");
const decimal = z.string().regex(/^\d+(\.\d+)?$/, 'write an exact decimal in quotes, such as "1.0850"');
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "write a date as YYYY-MM-DD");
const duration = z.string().refine((d) => {
  try {
    durationMs(d);
    return true;
  } catch {
    return false;
  }
}, "write a duration such as 30s, 15m, 4h or 2d");
const tolerance = z.string().regex(/^\d+(\.\d{1,4})?$/, 'write an exact decimal in quotes, such as "0.05"');
const timeZone = z.string().refine((tz) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: tz });
    return true;
  } catch {
    return false;
  }
}, "use an IANA time zone such as Europe/London");

export const PERSON_ROLES = ["viewer", "finance", "approver", "pmo", "exec", "integration", "admin"] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

const SourceBase = z.strictObject({
  id,
  vendor: z.string(),
  role: z.enum(ROLES),
  /** What people call it; the vendor's name when left out. */
  name: z.string().min(1).optional(),
  baseUrl: z.url({
    protocol: /^https?$/,
    error: "use a full address such as https://acme.my.salesforce.com",
  }),
  /** Cron expression: how often it is read. */
  schedule: z.string().default("*/1 * * * *"),
  /** How old its data may be before what depends on it cannot be evaluated. */
  maxAge: duration.default("30m"),
  timeZone: timeZone.default("UTC"),
  /** The system's own code for a legal entity → the firm's. */
  legalEntities: z.record(z.string(), z.string()).default({}),
  /** Requests a minute the connector may make; a tenth is kept for pushes. */
  requestsPerMinute: z.number().int().positive().default(1200),
  /**
   * Users and integrations, as its change log names them, that may write to fields another system is right about. Left empty: the
   * integrations its connector knows, and no person (SYS-04).
   */
  knownWriters: z.array(z.string()).default([]),
  /** How far its clock may run ahead of ours (SYS-06). */
  clockSkew: duration.default("5m"),
  /** Keep pushes away from this system. */
  readOnly: z.boolean().default(false),
  /** Particular to the vendor: see docs/connect/<vendor>.md. */
  settings: z.record(z.string(), z.unknown()).default({}),
});

export const Config = z.strictObject({
  reporting: z.strictObject({
    currency,
    /** Units of the reporting currency for one unit of `currency`, from a date on. */
    rates: z.array(z.strictObject({ currency, from: isoDate, rate: decimal })).default([]),
  }),
  billing: z
    .strictObject({
      /** Day of the month by which approved work must be ready for the invoice run. */
      cutoffDay: z.number().int().min(1).max(28).default(3),
      timeZone: timeZone.default("UTC"),
    })
    .prefault({}),
  reconcile: z
    .strictObject({
      schedule: z.string().default("*/1 * * * *"),
      /** A full run at least this often; runs in between look only at what was touched. */
      fullEvery: duration.default("6h"),
      /** What raises an exception's severity by one. Left out: nothing does. */
      escalation: z
        .strictObject({
          /** Money at stake from which on it is, in the reporting currency, by legal entity; `default` for those not named. */
          money: z.record(z.string().min(1), decimal).default({}),
          /** Days after which what is still open is. */
          ageDays: z.number().int().positive().optional(),
          /** What blocks is, once fewer than this many business days are left before the cutoff. */
          cutoffDays: z.number().int().positive().optional(),
        })
        .optional(),
    })
    .prefault({}),
  /** What is changed of a rule, by its id. It makes a version that somebody must simulate and somebody else agree to. */
  rules: z
    .record(
      z.string(),
      z.strictObject({
        /** Most by which a compared field may differ and still agree: an amount, or days for a date. */
        tolerance: z.record(z.string(), tolerance).optional(),
        settle: duration.optional(),
        severity: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).optional(),
        blocks: z.enum(["hard", "soft", "no"]).optional(),
      }),
    )
    .default({}),
  pushes: z
    .strictObject({
      /** False: pushes can be previewed and requested, never carried out. */
      enabled: z.boolean().default(true),
      /** A request not approved in this time lapses. */
      expireAfter: duration.default("24h"),
    })
    .prefault({}),
  /**
   * Which side of a comparison is right where both hold a value, by the comparison's id; the first it names when left out. A push
   * corrects the other side. One role, or several lines: the one that names the field and the legal entity counts before one that
   * names the field, that before one that names the entity, and of equal ones the newest that has begun.
   */
  systemOfRecord: z
    .record(
      z.string(),
      z.union(
        [
          z.enum(ROLES),
          z
            .array(
              z.strictObject({
                role: z.enum(ROLES),
                field: z.string().min(1).optional(),
                entity: z.string().min(1).optional(),
                /** The first day on which it holds. */
                from: isoDate.optional(),
              }),
            )
            .min(1),
        ],
        {
          error:
            "write a role such as erp, or a list of lines such as { role: erp, entity: DE01, from: 2026-01-01 }",
        },
      ),
    )
    .default({}),
  retention: z.strictObject({ rawDays: z.number().int().min(30).default(400) }).prefault({}),
  sources: z.array(SourceBase).min(1, "name at least one source"),
  people: z
    .array(
      z.strictObject({
        name: id,
        displayName: z.string().min(1),
        roles: z.array(z.enum(PERSON_ROLES)).min(1),
        /** A reference to the password, `\${ENV_NAME}` or `file:path`; it is stored only as a scrypt hash. */
        password: z.string().min(10, "use at least 10 characters"),
      }),
    )
    .default([]),
});

export type SourceConfig = z.infer<typeof SourceBase>;
export type PlumblineConfig = z.infer<typeof Config>;

/** One mistake in the file, in a person's words. `line` is 1-based, 0 when the whole file is meant. */
export interface ConfigIssue {
  line: number;
  path: string;
  message: string;
}

/** The comparisons there are: id → the roles of their two sides, with the fields they compare. */
export type ComparisonSides = Readonly<Record<string, { roles: readonly Role[]; fields: readonly string[] }>>;

/** The rules there are: id → the fields whose tolerance may be changed; null for a rule that may not be changed at all. */
export type RuleKnobs = Readonly<Record<string, readonly { field: string; isDays: boolean }[] | null>>;

/** What the catalogue lets a configuration name. */
export interface Nameable {
  comparisons: ComparisonSides;
  rules: RuleKnobs;
}
const NOTHING: Nameable = { comparisons: {}, rules: {} };

export interface ConfigReader {
  /** The value of an environment variable. */
  env(name: string): string | undefined;
  /** The content of a file named by `file:`; throws when it cannot be read. */
  file(path: string): string;
}

/** Keys whose value must be a reference, so that no secret is ever written into the file. */
const SECRET_KEY = /^(password|clientSecret|secret|privateKey|token|apiKey)$/;

/**
 * Parse and check a configuration text.
 * @param vendorSettings the schema of `settings` for each vendor there is a connector for
 * @param nameable the comparisons and rules that may be named; none when left out
 */
export function parseConfig(
  text: string,
  vendorSettings: Readonly<Record<string, z.ZodType>>,
  reader: ConfigReader,
  nameable: Nameable = NOTHING,
): { ok: true; config: PlumblineConfig } | { ok: false; issues: ConfigIssue[] } {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const issues: ConfigIssue[] = doc.errors.map((e) => ({
    line: lines.linePos(e.pos[0]).line,
    path: "",
    message: `The file is not valid YAML here: ${e.message}`,
  }));
  if (issues.length > 0) return { ok: false, issues };
  if (doc.contents === null)
    return {
      ok: false,
      issues: [
        { line: 0, path: "", message: "The file is empty. Start from plumbline.config.example.yaml." },
      ],
    };

  const lineOf = (path: readonly PropertyKey[]): number => {
    let node: unknown = doc.contents;
    let line = 1;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find((p) => isScalar(p.key) && p.key.value === step);
        if (!pair) break;
        line = lineOfNode(pair.key as Node, lines) ?? line;
        node = pair.value;
      } else if (isSeq(node) && typeof step === "number") {
        node = node.items[step];
        line = lineOfNode(node as Node | undefined, lines) ?? line;
      } else break;
    }
    return line;
  };
  const report = (path: readonly PropertyKey[], message: string, at = path) =>
    issues.push({ line: lineOf(at), path: path.map(String).join("."), message });

  const data = fillSecrets(doc.toJS(), [], reader, report);
  const parsed = Config.safeParse(data);
  if (!parsed.success)
    for (const i of parsed.error.issues.flatMap(ofTheFormMeant)) report(i.path, sayIssue(i), placeOf(i));
  const config = parsed.success ? parsed.data : null;
  // A source's vendor part is checked even where its common part has mistakes, so that all of them are told at once.
  const Loose = z.object({
    sources: z.array(
      z
        .object({ vendor: z.string(), settings: z.unknown().default({}) })
        .nullable()
        .catch(null),
    ),
  });
  for (const [n, source] of (Loose.safeParse(data).data?.sources ?? []).entries()) {
    if (source === null) continue;
    const schema = vendorSettings[source.vendor];
    if (!schema) {
      const known = Object.keys(vendorSettings).join(", ");
      report(
        ["sources", n, "vendor"],
        `There is no connector for "${source.vendor}". Known vendors: ${known}.`,
      );
      continue;
    }
    const settings = schema.safeParse(source.settings);
    if (!settings.success)
      for (const i of settings.error.issues) {
        const base = ["sources", n, "settings"];
        report([...base, ...i.path], sayIssue(i), [...base, ...placeOf(i)]);
      }
  }
  if (config) {
    for (const at of repeated(config.sources.map((s) => s.id)))
      report(["sources", at, "id"], "Two sources have this id; ids must differ.");
    for (const at of repeated(config.people.map((s) => s.name)))
      report(["people", at, "name"], "Two people have this name; names must differ.");
    for (const issue of [
      ...recordIssues(config.systemOfRecord, nameable.comparisons),
      ...ruleIssues(config.rules, nameable.rules),
      ...entityIssues(config),
    ])
      report(issue.path, issue.message);
  }
  if (issues.length > 0 || !config) return { ok: false, issues: issues.sort((a, b) => a.line - b.line) };
  return { ok: true, config };
}

/** Read, parse and check the file (see parseConfig). Throws ConfigError listing every mistake with its line. */
export function loadConfig(
  path: string,
  vendorSettings: Readonly<Record<string, z.ZodType>>,
  reader: Omit<ConfigReader, "file">,
  nameable: Nameable,
): PlumblineConfig {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError("config.unreadable", `Cannot read ${path}`, {
      cause,
      userMessage: `There is no readable configuration at ${path}. Copy plumbline.config.example.yaml to that path and fill it in, or set PLUMBLINE_CONFIG to where yours is. To look around without one, run: npm run demo`,
    });
  }
  const files = { ...reader, file: (p: string) => readFileSync(p, "utf8") };
  const result = parseConfig(text, vendorSettings, files, nameable);
  if (result.ok) return result.config;
  const list = result.issues
    .map((i) => `  ${path}:${i.line}  ${i.path}${i.path ? ": " : ""}${i.message}`)
    .join("\n");
  throw new ConfigError("config.invalid", `Invalid configuration in ${path}`, {
    userMessage: `The configuration has ${result.issues.length === 1 ? "a mistake" : `${result.issues.length} mistakes`}; nothing was started.\n${list}`,
  });
}

function lineOfNode(node: Node | null | undefined, lines: LineCounter): number | undefined {
  return node?.range ? lines.linePos(node.range[0]).line : undefined;
}

function fillSecrets(
  value: unknown,
  path: readonly PropertyKey[],
  reader: ConfigReader,
  report: (path: readonly PropertyKey[], message: string) => void,
): unknown {
  if (Array.isArray(value)) return value.map((v, n) => fillSecrets(v, [...path, n], reader, report));
  if (value !== null && typeof value === "object")
    return Object.fromEntries(
      Object.entries(value).map(([k, v]) => [k, fillSecrets(v, [...path, k], reader, report)]),
    );
  if (typeof value !== "string") return value;
  const last = path.at(-1);
  const fromEnv = /^\$\{([A-Z][A-Z0-9_]*)\}$/.exec(value);
  if (fromEnv?.[1]) {
    const found = reader.env(fromEnv[1]);
    if (found === undefined || found === "")
      report(
        path,
        `The environment variable ${fromEnv[1]} is not set. Set it, or point this at a file with file:/path.`,
      );
    return found ?? "not-set-anywhere";
  }
  if (value.startsWith("file:")) {
    try {
      return reader.file(value.slice(5)).trimEnd();
    } catch {
      report(
        path,
        `The file ${value.slice(5)} cannot be read. Check that it exists and that this account may read it.`,
      );
      return "not-readable-anywhere";
    }
  }
  if (typeof last === "string" && SECRET_KEY.test(last))
    report(
      path,
      `Secrets are not written into this file. Put it in an environment variable and write \${NAME}, or in a file and write file:/path.`,
    );
  return value;
}

/** Where a setting may be written in several forms, the mistakes within the one that was meant: the one that was understood furthest. */
function ofTheFormMeant(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.find((form) => form.length > 0 && form.every((i) => i.path.length > 0));
  return meant ? meant.map((i) => ({ ...i, path: [...issue.path, ...i.path] })) : [issue];
}

/** Where in the file a mistake stands: at the unknown setting itself, not at what holds it. */
function placeOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
}

function sayIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys")
    return `Unknown ${issue.keys.length === 1 ? "setting" : "settings"} ${issue.keys.map((k) => `"${k}"`).join(", ")}. Remove it or check the spelling.`;
  if (issue.code === "invalid_type" && issue.input === undefined)
    return `This is required (${issue.expected}).`;
  return issue.message;
}

function repeated(ids: readonly string[]): number[] {
  return ids.flatMap((v, n) => (ids.indexOf(v) < n ? [n] : []));
}
