/** What a database error means for the caller, and what to tell a person. */
import { AppError, ConfigError, InvariantError, TransientError } from "#core/errors";

/** ClickHouse error codes by what they call for; every other code is a fault in our SQL. */
const NOT_ALLOWED_IN = new Set(["192", "193", "194", "516"]);
const TOO_SLOW = new Set(["159", "160", "209"]);
const TOO_MUCH_MEMORY = new Set(["241", "307", "396"]);
const BUSY = new Set(["202", "203", "210", "225", "242", "252", "285", "319", "394", "425", "519", "999"]);

/** The connection was never made: the statement certainly did not run. */
const NOT_REACHED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
const CUT_OFF = /socket hang up|ECONNRESET|EPIPE|aborted|premature close|socket was closed|terminated/i;

/**
 * The AppError for whatever the client threw. `context.reached` is false when the statement cannot have run.
 * @param what the query, table or action it happened in
 */
export function storeError(cause: unknown, what: string, embedded: boolean): AppError {
  if (cause instanceof AppError) return cause;
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const code = "code" in error ? String(error.code) : "";
  const message = `${what}: ${error.message}`;
  if (/^\d+$/.test(code)) return engineError(code, message, what, cause);
  const reached = !NOT_REACHED.has(code);
  if (error.name === "AbortError" || /user aborted/i.test(error.message))
    return new TransientError("store.aborted", message, {
      cause,
      userMessage: "The query was stopped before it had ended.",
    });
  if (reached && /timeout/i.test(error.message))
    return new TransientError("store.timeout", message, {
      cause,
      userMessage: "The database did not answer in time. It may be busy; try again in a moment.",
    });
  if (!reached || CUT_OFF.test(`${code} ${error.message}`))
    return new TransientError(embedded ? "store.engine-lost" : "store.unreachable", message, {
      cause,
      context: { reached },
      userMessage: embedded
        ? "The database stopped in the middle of this. It is being started again; nothing that was confirmed is lost. Try again."
        : "The ClickHouse server cannot be reached. Check that it is running and that CLICKHOUSE_URL is right, then try again.",
    });
  return new InvariantError("store.client", message, { cause });
}

function engineError(code: string, message: string, what: string, cause: unknown): AppError {
  const context = { clickhouse: code, what };
  if (NOT_ALLOWED_IN.has(code))
    return new ConfigError("store.sign-in", message, {
      cause,
      context,
      userMessage:
        "The ClickHouse server refused Plumbline's user name or password. Check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD.",
    });
  if (code === "497")
    return new ConfigError("store.not-permitted", message, {
      cause,
      context,
      userMessage:
        "Plumbline's ClickHouse user lacks a right it needs. Grant it all rights on its own database (GRANT ALL ON plumbline.* TO the user).",
    });
  if (code === "243")
    return new ConfigError("store.disk-full", message, {
      cause,
      context,
      userMessage: "The database's disk is full. Nothing more can be stored until there is space on it.",
    });
  if (TOO_SLOW.has(code))
    return new TransientError("store.timeout", message, {
      cause,
      context,
      userMessage:
        "The database needed longer than it may for this. It may be busy; try again in a moment, or narrow the range.",
    });
  if (TOO_MUCH_MEMORY.has(code))
    return new TransientError("store.too-large", message, {
      cause,
      context,
      userMessage:
        "The database needed more memory than it may for this. Try again when it is less busy, or narrow the range.",
    });
  if (BUSY.has(code))
    return new TransientError("store.busy", message, {
      cause,
      context,
      userMessage: "The database is too busy for this now. Try again in a moment.",
    });
  return new InvariantError("store.statement", message, {
    cause,
    context,
    userMessage: `The database refused a statement of Plumbline's (${what}). This is a fault in Plumbline or an old database; please report it with the log.`,
  });
}
