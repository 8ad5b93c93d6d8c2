/**
 * Talking to a Redmine: reads that are judged, writes that are not, and the ids behind the names in the settings. Knows nothing of
 * what the records mean.
 */
import type { SourceConfig } from "#core/config";
import { RequestError } from "#core/errors";
import type { SourceDeps } from "../connector.ts";
import type { HttpResponse } from "../http.ts";
import { isObject } from "../payload.ts";
import { type Names, readNames } from "./names.ts";
import { readRefused, type Whoami } from "./read-error.ts";
import type { RedmineSettings } from "./settings.ts";

export type Json = Readonly<Record<string, unknown>>;

export interface GetOptions {
  signal?: AbortSignal;
  /** `push`: for a writer, out of its part of the request budget. */
  purpose?: "read" | "push";
}

export interface Instance {
  /** What people call the source. */
  name: string;
  settings: RedmineSettings;
  /**
   * A read: `get("/issues/5.json?include=journals")`. Null for 404. Throws ConfigError when the key is unknown (401), when the REST
   * API is off or the key's user may not (403), RequestError for any other refusal, TransientError when retries ran out.
   */
  get(path: string, options?: GetOptions): Promise<Json | null>;
  /** A write, sent once; the answer is handed over as it came. `path` is `/time_entries/7.json`. */
  send(method: "POST" | "PUT" | "DELETE", path: string, body: Json | null): Promise<HttpResponse>;
  /** The ids behind the names in the settings; read at the first need and again after a while. */
  names(options?: GetOptions): Promise<Names>;
  /** Whose key it is, as Redmine says. */
  whoami(options?: GetOptions): Promise<Whoami>;
  /**
   * The server's clock, epoch milliseconds: from the Date header of its last answer, or ours when answers carry none (the Ruby server
   * sends none by itself; a web server in front of it does).
   */
  now(): number;
  /** Whether answers carry the server's clock; null before the first answer. */
  tellsTime(): boolean | null;
}

const NAMES_FRESH_MS = 60_000;

export function openInstance(source: SourceConfig, settings: RedmineSettings, deps: SourceDeps): Instance {
  const { http, clock } = deps;
  const name = source.name ?? source.id;
  const base = source.baseUrl.replace(/\/+$/, "");
  let ahead: number | null = null;
  let answered = false;
  let names: { of: Promise<Names>; at: number } | null = null;

  const noteClock = (response: HttpResponse): HttpResponse => {
    const date = Date.parse(response.headers.get("date") ?? "");
    ahead = Number.isNaN(date) ? null : date - clock.now();
    answered = true;
    return response;
  };

  const read = async (path: string, { signal, purpose = "read" }: GetOptions): Promise<HttpResponse> =>
    noteClock(
      await http.request({
        method: "GET",
        url: base + path,
        headers: { "x-redmine-api-key": settings.apiKey, accept: "application/json" },
        retry: "read",
        purpose,
        ...(signal === undefined ? {} : { signal }),
      }),
    );

  const whoami = async (options: GetOptions = {}): Promise<Whoami> => {
    const response = await read("/users/current.json", options);
    const user = response.status === 200 ? (response.json() as Json | null)?.user : null;
    return isObject(user)
      ? { known: true, login: String(user.login ?? ""), isAdmin: user.admin === true }
      : { known: false, status: response.status };
  };

  const instance: Instance = {
    name,
    settings,
    whoami,
    async get(path, options = {}) {
      const response = await read(path, options);
      if (response.status === 404) return null;
      if (response.status !== 200)
        throw readRefused(name, path, response, response.status === 403 ? await whoami(options) : null);
      const body = response.json();
      if (!isObject(body))
        throw new RequestError("redmine.odd-answer", `${name}: ${path} did not answer an object`, {
          userMessage: `${name} did not answer ${path} the way Redmine does. Check that baseUrl is the address of Redmine itself, without a path to a page.`,
        });
      return body;
    },
    async send(method, path, body) {
      const response = await http.request({
        method,
        url: base + path,
        headers: {
          "x-redmine-api-key": settings.apiKey,
          accept: "application/json",
          ...(body === null ? {} : { "content-type": "application/json" }),
        },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
        retry: "never",
        purpose: "push",
      });
      return noteClock(response);
    },
    names(options = {}) {
      if (names === null || clock.now() - names.at > NAMES_FRESH_MS) {
        const next = { of: readNames(instance, options), at: clock.now() };
        names = next;
        next.of.catch(() => {
          if (names === next) names = null;
        });
      }
      return names.of;
    },
    now: () => clock.now() + (ahead ?? 0),
    tellsTime: () => (answered ? ahead !== null : null),
  };
  return instance;
}
