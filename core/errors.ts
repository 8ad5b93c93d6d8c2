/**
 * Errors grouped by what the caller should do next. `message` is for the log, `userMessage` for a person:
 * what happened, what it means, what to do.
 */
export type Recovery = "retry" | "reconfigure" | "skip" | "ask-a-person" | "bug";

export interface ErrorOptions {
  userMessage?: string;
  context?: Record<string, unknown>;
  cause?: unknown;
}

export abstract class AppError extends Error {
  abstract readonly recovery: Recovery;
  /** Stable and greppable: `erp.token-expired`. */
  readonly code: string;
  readonly userMessage: string;
  readonly context: Record<string, unknown>;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.userMessage = options.userMessage ?? message;
    this.context = options.context ?? {};
  }
}

/** Configuration or credentials are wrong; nothing works until a person changes them. */
export class ConfigError extends AppError {
  readonly recovery = "reconfigure";
}

/** Passing trouble: the same call may succeed later. */
export class TransientError extends AppError {
  readonly recovery = "retry";
}

/** The request itself is wrong (bad input, unknown id); doing it again changes nothing. */
export class RequestError extends AppError {
  readonly recovery = "ask-a-person";
}

/** The caller is not allowed to do this. */
export class ForbiddenError extends AppError {
  readonly recovery = "ask-a-person";
}

/** A statement about the data that must hold does not hold. */
export class InvariantError extends AppError {
  readonly recovery = "bug";
}

/** The words a person should read about any thrown value. */
export function sayError(error: unknown): string {
  if (error instanceof AppError) return error.userMessage;
  return error instanceof Error ? error.message : String(error);
}
