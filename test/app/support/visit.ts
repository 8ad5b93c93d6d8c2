/** Loaders and actions called as functions, as somebody who is signed in. */
import type { ActionFunctionArgs } from "@remix-run/node";
import { findPerson } from "../../../app/auth/accounts.server.ts";
import type { Services } from "../../../app/services.server.ts";

export const TOKEN = "the-form-token-of-this-session";

/** The cookie of a session of this account, with a known form token. */
export async function cookieOf(services: Services, name: string): Promise<string> {
  const person = await findPerson(services.store, name);
  const session = await services.sessions.getSession();
  session.set("name", name);
  session.set("epoch", person?.epoch ?? 0);
  session.set("csrf", TOKEN);
  return (await services.sessions.commitSession(session)).split(";")[0] ?? "";
}

export interface Ask {
  services: Services;
  path: string;
  params?: Record<string, string>;
  cookie?: string;
  /** Sent as a form; the token is added unless given. */
  form?: readonly (readonly [string, string])[];
}

export function argsOf({ services, path, params = {}, cookie, form }: Ask): ActionFunctionArgs {
  const headers = new Headers(cookie ? { Cookie: cookie } : {});
  let body: URLSearchParams | null = null;
  if (form) {
    body = new URLSearchParams(form.map(([k, v]) => [k, v]));
    if (!body.has("csrf")) body.set("csrf", TOKEN);
  }
  const request = new Request(`http://console.test${path}`, { method: form ? "POST" : "GET", headers, body });
  return { request, params, context: { services, nonce: "n", secure: false, address: "127.0.0.1" } };
}

/** What a loader or action throws; fails when it does not throw. */
export async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("It did not throw");
}

/** The status of what was thrown or returned: a Response, or data with a status. */
export function statusOf(answer: unknown): number {
  if (answer instanceof Response) return answer.status;
  const init = (answer as { init?: { status?: number } | null } | null)?.init;
  return init?.status ?? 200;
}
