/** Turns what a loader or action throws into an answer a person can read, with the right status. */
import { data } from "@remix-run/node";
import type { Recovery } from "#core/errors";
import { log } from "#core/log";

interface Spoken {
  name: string;
  code: string;
  userMessage: string;
  recovery: Recovery;
}

/** By shape, not by class: after a development reload the class that threw and the one at hand are two copies. */
function isSpoken(error: unknown): error is Spoken {
  return error instanceof Error && "userMessage" in error && "recovery" in error && "code" in error;
}

export function statusOf(error: Spoken): number {
  if (error.name === "ForbiddenError") return 403;
  if (error.code.endsWith(".unknown")) return 404;
  if (error.recovery === "ask-a-person") return 400;
  if (error.recovery === "retry") return 503;
  return 500;
}

/** Run a loader's or action's work; what it throws reaches the error page in words. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Response || !isSpoken(error)) throw error;
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error, code: error.code }, "request failed");
    throw data({ message: error.userMessage }, { status });
  }
}

/** The same for a form: what the person can put right comes back to the form, the rest goes to the error page. */
export async function formAnswer<T>(
  work: () => Promise<T>,
): Promise<T | ReturnType<typeof data<{ problem: string }>>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Response || !isSpoken(error)) throw error;
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error, code: error.code }, "form failed");
    return data({ problem: error.userMessage }, { status });
  }
}
