/**
 * Talking to a Tryton server by JSON-RPC: sessions, the context every call ends with, and what an answer that is none means. Knows
 * nothing of what the records hold.
 */
import type { SourceConfig } from "#core/config";
import { ConfigError, TransientError } from "#core/errors";
import type { SourceDeps } from "../connector.ts";
import { type HttpResponse, withToken } from "../http.ts";
import { isObject } from "../payload.ts";
import { callRefused, doorClosed } from "./call-refused.ts";
import { asksForMore, loginRefused, REFUSED_FOR_MS } from "./login.ts";
import { rpcErrorOf } from "./rpc-error.ts";
import type { TrytonSettings } from "./settings.ts";

export type Row = Readonly<Record<string, unknown>>;

export interface CallOptions {
  /** Which part of the rate budget it uses. */
  purpose: "read" | "push";
  /** `read`: asking again is harmless. `never`: sent once. */
  retry: "read" | "never";
  signal?: AbortSignal | undefined;
  /** Added to the context: `{ _datetime: … }`, `{ _timestamp: … }`. */
  context?: Readonly<Record<string, unknown>>;
}

/** What a field of a model is, as the server describes it. */
export interface FieldInfo {
  name: string;
  type: string;
  /** The model it points at; null when it points at none. */
  relation: string | null;
  /** Values of a selection; empty for others. */
  selection: readonly string[];
}

export interface Server {
  name: string;
  settings: TrytonSettings;
  /** The server's clock, epoch milliseconds. */
  serverNow(signal?: AbortSignal): Promise<number>;
  /** The server's release: `6.0.29`. */
  version(signal?: AbortSignal): Promise<string>;
  /** The company that is worked in. */
  company(signal?: AbortSignal): Promise<number>;
  /**
   * One call, params as given; its result. Throws ConfigError for what a person must put right (credentials, rights, names that do not
   * exist), RequestError for a refusal and TransientError for passing trouble.
   */
  rpc<T>(method: string, params: readonly unknown[], options: CallOptions): Promise<T>;
  /** `model.<model>.<method>` with the context added as the last parameter. Throws as `rpc` does. */
  call<T>(model: string, method: string, args: readonly unknown[], options: CallOptions): Promise<T>;
  /** The same for a write: sent once, and the answer handed over unjudged, whatever it says. */
  send(
    model: string,
    method: string,
    args: readonly unknown[],
    context?: Readonly<Record<string, unknown>>,
  ): Promise<HttpResponse>;
  /** The fields of a model by name, remembered; null when the server has no such model. */
  fields(model: string, signal?: AbortSignal): Promise<ReadonlyMap<string, FieldInfo> | null>;
  /** Whether a model has a field, even one that the user is not shown among its fields. */
  holds(model: string, field: string, signal?: AbortSignal): Promise<boolean>;
  /** Which of these models the server has. */
  models(names: readonly string[], signal?: AbortSignal): Promise<ReadonlySet<string>>;
}

const CLOCK_FRESH_MS = 600_000;
/** Modules change when a server is upgraded, and what a user is shown when its groups change. */
const SCHEMA_FRESH_MS = 300_000;

/** Opens the way to one database. No call is made yet. */
export function openServer(source: SourceConfig, settings: TrytonSettings, deps: SourceDeps): Server {
  const { http, clock } = deps;
  const name = source.name ?? source.id;
  const base = source.baseUrl.replace(/\/+$/, "");
  const url = `${base}/${encodeURIComponent(settings.database)}/`;
  let serverClock: { ahead: number; at: number } | null = null;
  let refused: { error: ConfigError; until: number } | null = null;
  const described = new Map<string, { at: number; fields: Promise<ReadonlyMap<string, FieldInfo> | null> }>();
  let ownCompany: Promise<number> | null = null;
  let sent = 0;

  const noteClock = (response: HttpResponse): HttpResponse => {
    const date = Date.parse(response.headers.get("date") ?? "");
    // A server that sends no date is taken to agree with us.
    serverClock = { ahead: Number.isNaN(date) ? 0 : date - clock.now(), at: clock.now() };
    return response;
  };
  const bodyOf = (method: string, params: readonly unknown[]) =>
    JSON.stringify({ id: ++sent, method, params });

  const logIn = async (): Promise<string> => {
    if (refused !== null && clock.now() < refused.until) throw refused.error;
    refused = null;
    const response = await http.request({
      method: "POST",
      url,
      headers: { "content-type": "application/json", accept: "application/json" },
      body: bodyOf("common.db.login", [settings.username, { password: settings.password }]),
      // Every refused password counts towards locking the user out, so nothing here is sent twice.
      retry: "never",
      purpose: "push",
    });
    if (response.status >= 500)
      throw new TransientError("tryton.login-failed", `${name}: login: ${response.status}`, {
        context: { reached: true, status: response.status },
        userMessage: `${name} answered the login with an error of its own (${response.status}). It is tried again at the next turn.`,
      });
    const body = response.status === 200 ? noteClock(response).json() : null;
    const result = isObject(body) ? body.result : null;
    if (Array.isArray(result) && typeof result[0] === "number" && typeof result[1] === "string")
      return `Session ${Buffer.from(`${settings.username}:${result[0]}:${result[1]}`).toString("base64")}`;
    const trouble = rpcErrorOf(body);
    // A database that is just being restarted shows as an error of the server's own.
    if (trouble?.kind === "bug" && !asksForMore(body)) throw callRefused(name, "common.db.login", trouble);
    const error = loginRefused(name, settings, response, body);
    if (response.status === 401 || response.status === 429)
      refused = { error, until: clock.now() + REFUSED_FOR_MS };
    throw error;
  };
  const session = withToken(name, logIn);

  const post = (method: string, params: readonly unknown[], o: CallOptions): Promise<HttpResponse> =>
    session.request(async (authorization) =>
      noteClock(
        await http.request({
          method: "POST",
          url,
          headers: { "content-type": "application/json", accept: "application/json", authorization },
          body: bodyOf(method, params),
          retry: o.retry,
          purpose: o.purpose,
          ...(o.signal === undefined ? {} : { signal: o.signal }),
        }),
      ),
    );

  const rpc = async <T>(method: string, params: readonly unknown[], o: CallOptions): Promise<T> => {
    const response = await post(method, params, o);
    if (response.status !== 200) throw doorClosed(name, settings.database, method, response);
    const body = response.json();
    const error = rpcErrorOf(body);
    if (error !== null) throw callRefused(name, method, error);
    if (isObject(body) && "result" in body) return body.result as T;
    throw new TransientError("tryton.no-result", `${name}: ${method}: neither result nor error`, {
      context: { reached: true },
      userMessage: `${name} sent an answer that is not of the agreed form, so it was not used. Check that baseUrl is the address of a Tryton server and not of a page in front of it.`,
    });
  };

  const company = (signal?: AbortSignal): Promise<number> => {
    if (settings.company !== null) return Promise.resolve(settings.company);
    ownCompany ??= rpc<Row>("model.res.user.get_preferences", [true, {}], {
      purpose: "push",
      retry: "read",
      signal,
    }).then((preferences) => {
      if (typeof preferences.company === "number") return preferences.company;
      throw new ConfigError("tryton.no-company", `${name}: the user ${settings.username} has no company`, {
        userMessage: `The user "${settings.username}" in ${name} works in no company, so it would see hardly anything. Give the user a company under its preferences, or name the company's id with the setting company.`,
      });
    });
    const asked = ownCompany;
    asked.catch(() => {
      if (ownCompany === asked) ownCompany = null;
    });
    return asked;
  };
  const contextOf = async (extra: Readonly<Record<string, unknown>> = {}, signal?: AbortSignal) => ({
    company: await company(signal),
    // Messages are translated; ours are compared with English ones.
    language: "en",
    ...extra,
  });
  const call = async <T>(
    model: string,
    method: string,
    args: readonly unknown[],
    o: CallOptions,
  ): Promise<T> => rpc<T>(`model.${model}.${method}`, [...args, await contextOf(o.context, o.signal)], o);

  const models = async (names: readonly string[], signal?: AbortSignal): Promise<ReadonlySet<string>> => {
    const found = await call<Row[]>(
      "ir.model",
      "search_read",
      [[["model", "in", names]], 0, null, null, ["model"]],
      { purpose: "read", retry: "read", signal },
    );
    return new Set(found.map((m) => String(m.model)));
  };

  return {
    name,
    settings,
    rpc,
    call,
    company,
    models,
    async version(signal) {
      const response = await http.request({
        method: "POST",
        url: `${base}/`,
        headers: { "content-type": "application/json", accept: "application/json" },
        body: bodyOf("common.server.version", []),
        retry: "read",
        purpose: "read",
        ...(signal === undefined ? {} : { signal }),
      });
      const body = response.status === 200 ? response.json() : null;
      if (isObject(body) && typeof body.result === "string") return body.result;
      throw doorClosed(name, settings.database, "common.server.version", response);
    },
    async holds(model, field, signal) {
      const domain = [
        ["model.model", "=", model],
        ["name", "=", field],
      ];
      const options = { purpose: "read", retry: "read", signal } as const;
      return (await call<number>("ir.model.field", "search_count", [domain], options)) > 0;
    },
    async serverNow(signal) {
      if (serverClock === null || Math.abs(clock.now() - serverClock.at) > CLOCK_FRESH_MS)
        await call("ir.model", "search", [[], 0, 1], { purpose: "read", retry: "read", signal });
      return clock.now() + (serverClock?.ahead ?? 0);
    },
    async send(model, method, args, context) {
      const params = [...args, await contextOf(context)];
      return post(`model.${model}.${method}`, params, { purpose: "push", retry: "never" });
    },
    fields(model, signal) {
      const known = described.get(model);
      if (known !== undefined && clock.now() - known.at < SCHEMA_FRESH_MS) return known.fields;
      const asked = models([model], signal).then(async (found) =>
        found.has(model)
          ? fieldsFrom(await call<Row>(model, "fields_get", [[]], { purpose: "read", retry: "read", signal }))
          : null,
      );
      described.set(model, { at: clock.now(), fields: asked });
      asked.catch(() => described.delete(model));
      return asked;
    },
  };
}

function fieldsFrom(described: Row): ReadonlyMap<string, FieldInfo> {
  const fields = new Map<string, FieldInfo>();
  for (const [name, info] of Object.entries(described)) {
    if (!isObject(info)) continue;
    const values = Array.isArray(info.selection) ? (info.selection as unknown[]) : [];
    fields.set(name, {
      name,
      type: String(info.type ?? ""),
      relation: typeof info.relation === "string" ? info.relation : null,
      selection: values.map((v) => String(Array.isArray(v) ? v[0] : v)),
    });
  }
  return fields;
}
