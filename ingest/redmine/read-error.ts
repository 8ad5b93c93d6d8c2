/** What Redmine says when it will not let something be read. Most refusals carry no words, so the status and a second look decide. */
import { ConfigError, RequestError } from "#core/errors";
import type { HttpResponse } from "../http.ts";
import { isObject } from "../payload.ts";

/** The messages of a 422, verbatim; none when the body holds none. */
export function errorList(response: HttpResponse): string[] {
  try {
    const body: unknown = JSON.parse(response.text());
    return isObject(body) && Array.isArray(body.errors) ? body.errors.map(String) : [];
  } catch {
    // Not JSON: a proxy's page, or nothing at all.
    return [];
  }
}

/** Why an answer of 403 came: the key is nobody's, the API is switched off, or this one thing is not allowed. */
export type Whoami = { known: true; login: string; isAdmin: boolean } | { known: false; status: number };

/** The error for a read that was refused. `who` is what Redmine says about the key, asked after a 403. */
export function readRefused(source: string, path: string, response: HttpResponse, who: Whoami | null): Error {
  const what = path.replace(/[?].*$/, "");
  const log = `${source}: ${what}: ${response.status}`;
  if (response.status === 401 || (who?.known === false && who.status === 401))
    return new ConfigError("redmine.bad-key", log, {
      userMessage: `${source} does not know the API key, so nothing can be read. Copy it anew from My account, "API access key", of an active administrator; resetting it there makes the old one worthless.`,
    });
  if (response.status === 403 && who?.known === false)
    return new ConfigError("redmine.rest-off", log, {
      userMessage: `${source} does not answer its REST API at all. Switch it on under Administration, Settings, API ("Enable REST web service").`,
    });
  if (response.status === 403)
    return new ConfigError("redmine.forbidden", log, {
      userMessage: `${source} does not let ${who?.known ? `the user "${who.login}"` : "the key's user"} read ${what}.${who?.known && !who.isAdmin ? " The key must be an administrator's: users, custom fields and every project can be read no other way." : " Check that the project is not archived and that its module is switched on."}`,
    });
  const said = errorList(response).join("; ");
  return new RequestError("redmine.refused", `${log}: ${said}`, {
    userMessage: `${source} refused to answer for ${what} (${response.status}). ${said === "" ? "It gave no reason." : `It said: ${said}`}`,
  });
}
