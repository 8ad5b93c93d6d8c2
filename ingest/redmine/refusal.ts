/** What Redmine says when it will not make a change: by status, with the words of its `errors` list; most refusals have none. */
import type { HttpResponse } from "../http.ts";
import { isObject } from "../payload.ts";
import { errorList } from "./read-error.ts";

export interface Refusal {
  code: string;
  /** Redmine's own words, joined; null when it gave none. */
  words: string | null;
}

/** Reads a refused write. Total: an answer without a usable body gives its status and no words. */
export function refusalOf(response: HttpResponse): Refusal {
  // Redmine says the same thing twice when two of its checks fail for one value.
  const words = [...new Set(errorList(response))];
  return {
    code: `redmine.${response.status}`,
    words: words.length === 0 ? null : words.join("; "),
  };
}

/**
 * A save that lost against another one: status 422 with an errors list that is there and empty. Redmine has no other sign for it, so
 * this holds only for records it keeps a lock version of (issues).
 */
export function isStale(response: HttpResponse): boolean {
  if (response.status !== 422) return false;
  try {
    const body: unknown = JSON.parse(response.text());
    return isObject(body) && Array.isArray(body.errors) && body.errors.length === 0;
  } catch {
    return false;
  }
}
