/** What an answer to a login means that lets nobody in. */
import { ConfigError } from "#core/errors";
import { sayDuration } from "#core/time";
import type { HttpResponse } from "../http.ts";
import { isObject } from "../payload.ts";
import { doorClosed } from "./call-refused.ts";
import { rpcErrorOf } from "./rpc-error.ts";
import type { TrytonSettings } from "./settings.ts";

/** The server locks a user after five refused passwords in five minutes; one in ten cannot get there. */
export const REFUSED_FOR_MS = 600_000;

/** The server wants another parameter of the login, such as a code sent by text message. */
export function asksForMore(body: unknown): boolean {
  return isObject(body) && Array.isArray(body.error) && body.error[0] === "LoginException";
}

/** Why nobody was let in. */
export function loginRefused(
  name: string,
  settings: TrytonSettings,
  response: HttpResponse,
  body: unknown,
): ConfigError {
  const { username, database } = settings;
  const log = `${name}: login of ${username}: ${response.status}`;
  const wait = sayDuration(REFUSED_FOR_MS);
  if (response.status === 429)
    return new ConfigError("tryton.locked-out", log, {
      userMessage: `${name} does not let "${username}" log in for a few minutes, because a wrong password was given too often. Nothing is tried for ${wait}. Check that no other program uses an old password for this user, and that the password in the configuration is right.`,
    });
  if (response.status === 401)
    return new ConfigError("tryton.wrong-password", log, {
      userMessage: `${name} did not accept the user name "${username}" or its password. Nothing is tried for ${wait}, so that the user is not locked out. Check username and password in the configuration, and that the user is active.`,
    });
  if (response.status === 404) return doorClosed(name, database, "common.db.login", response);
  if (asksForMore(body))
    return new ConfigError("tryton.second-factor", `${log}: ${response.text().slice(0, 200)}`, {
      userMessage: `${name} asks "${username}" for more than a password, which the integration cannot give. Exempt this user from the second step of the login.`,
    });
  const refusal = rpcErrorOf(body);
  return new ConfigError("tryton.no-login", `${log}: ${response.text().slice(0, 200)}`, {
    userMessage: `${name} did not let "${username}" log in${refusal === null ? ` (${response.status})` : `: ${refusal.message}`}. Check that baseUrl is the address of a Tryton server.`,
  });
}
