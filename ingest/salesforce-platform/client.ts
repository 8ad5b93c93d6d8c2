/**
 * Talking to a Salesforce org over its REST API: token, queries page by page, object descriptions, one row, one update. Knows
 * nothing of what the objects mean. "Now" is the org's clock, taken from its Date header, never this machine's.
 */
import type { SourceConfig } from "#core/config";
import { ConfigError } from "#core/errors";
import type { SourceDeps } from "../connector.ts";
import { guardLoop, type HttpResponse, withToken } from "../http.ts";
import { isObject } from "../payload.ts";
import { passes, readRefused, refusalOf } from "./refusal.ts";
import type { PlatformSettings } from "./settings.ts";

export type Row = Readonly<Record<string, unknown>>;

export interface RowPage {
  records: readonly Row[];
  total: number;
  done: boolean;
}

export interface ObjectDescription {
  label: string;
  /** Field names and relationship names. */
  names: ReadonlySet<string>;
  /** Fields the integration user may change. */
  updateable: ReadonlySet<string>;
}

export interface Platform {
  name: string;
  settings: PlatformSettings;
  /** The org's clock, epoch milliseconds. */
  serverNow(signal?: AbortSignal): Promise<number>;
  /** Rows that are not deleted, page by page. `soql` is asked again when the org has lost its place in the result. */
  query(soql: () => string, signal?: AbortSignal): AsyncIterable<RowPage>;
  /** The same with what is in the recycle bin. */
  queryAll(soql: () => string, signal?: AbortSignal): AsyncIterable<RowPage>;
  count(object: string, where: string): Promise<bigint>;
  /** Null when the object does not exist or may not be seen. */
  describe(object: string): Promise<ObjectDescription | null>;
  /** The rows of a small query, for a push's fresh look at its target. */
  look(soql: string): Promise<readonly Row[]>;
  /** One PATCH, sent once. `unmodifiedSince` makes the org refuse with 412 when the row changed after it. */
  patch(object: string, id: string, fields: Row, unmodifiedSince: number | null): Promise<HttpResponse>;
}

const TOKEN_PATH = "/services/oauth2/token";
/** A clock estimate older than this is taken anew. */
const CLOCK_FRESH_MS = 600_000;
/** The org may lose a result set's place once in a while; more often than this in one read is trouble of another kind. */
const RESTARTS = 3;

export function openPlatform(source: SourceConfig, settings: PlatformSettings, deps: SourceDeps): Platform {
  const { http, clock } = deps;
  const name = source.name ?? source.id;
  const base = source.baseUrl.replace(/\/+$/, "");
  const root = `${base}/services/data/${settings.apiVersion}`;
  let serverClock: { ahead: number; at: number } | null = null;

  const noteClock = (response: HttpResponse): HttpResponse => {
    const date = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(date)) serverClock = { ahead: date - clock.now(), at: clock.now() };
    return response;
  };

  const token = withToken(name, async () => {
    const response = await http.request({
      method: "POST",
      url: base + TOKEN_PATH,
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: settings.clientId,
        client_secret: settings.clientSecret,
      }).toString(),
      // Asking for a token twice does no harm.
      retry: "read",
      purpose: "push",
    });
    const body = response.status === 200 ? noteClock(response).json() : null;
    if (isObject(body) && typeof body.access_token === "string") return body.access_token;
    const { code, message } = refusalOf(response);
    throw new ConfigError(
      "salesforce.no-token",
      `${name}: no token: ${response.status} ${code}: ${message}`,
      {
        userMessage: `${name} did not accept the credentials, so nothing can be read. Check clientId and clientSecret, that the app allows the client credentials flow, and that its run-as user is active. ${name} said: ${message} (${code})`,
      },
    );
  });

  const get = async (url: string, what: string, signal?: AbortSignal, purpose: "read" | "push" = "read") => {
    const response = await token.request((bearer) =>
      http.request({
        method: "GET",
        url,
        headers: {
          authorization: `Bearer ${bearer}`,
          accept: "application/json",
          "sforce-query-options": `batchSize=${settings.pageSize}`,
        },
        retry: "read",
        purpose,
        judge: (r) => (passes(r) ? "retry" : null),
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    noteClock(response);
    return { response, refused: () => readRefused(name, what, response) };
  };

  async function* pages(
    path: "query" | "queryAll",
    soql: () => string,
    signal?: AbortSignal,
  ): AsyncIterable<RowPage> {
    const what = /\bFROM (\w+)/.exec(soql())?.[1] ?? "a query";
    const guard = guardLoop(`${name} ${what}`);
    const first = () => `${root}/${path}?q=${encodeURIComponent(soql())}`;
    let url = first();
    for (let restarts = 0; ; ) {
      const { response, refused } = await get(url, what, signal);
      if (response.status !== 200) {
        if (refusalOf(response).code !== "INVALID_QUERY_LOCATOR" || restarts === RESTARTS) throw refused();
        restarts++;
        url = first();
        continue;
      }
      const page = pageOf(response.json());
      if (page === null) throw refused();
      yield page;
      if (page.next === null) return;
      guard(page.next);
      url = base + page.next;
    }
  }

  const rowsOf = async (soql: string, what: string, purpose: "read" | "push") => {
    const { response, refused } = await get(
      `${root}/query?q=${encodeURIComponent(soql)}`,
      what,
      undefined,
      purpose,
    );
    const page = response.status === 200 ? pageOf(response.json()) : null;
    if (page === null) throw refused();
    return page;
  };

  return {
    name,
    settings,
    async serverNow(signal) {
      if (serverClock === null || Math.abs(clock.now() - serverClock.at) > CLOCK_FRESH_MS)
        // The list of versions needs no token and is not counted against the org's daily requests.
        noteClock(
          await http.request({
            method: "GET",
            url: `${base}/services/data`,
            retry: "read",
            purpose: "read",
            ...(signal === undefined ? {} : { signal }),
          }),
        );
      return clock.now() + (serverClock?.ahead ?? 0);
    },
    query: (soql, signal) => pages("query", soql, signal),
    queryAll: (soql, signal) => pages("queryAll", soql, signal),
    count: async (object, where) =>
      BigInt((await rowsOf(`SELECT COUNT() FROM ${object} WHERE ${where}`, object, "read")).total),
    async describe(object) {
      const { response, refused } = await get(`${root}/sobjects/${object}/describe`, object);
      if (response.status === 404) return null;
      const body = response.status === 200 ? response.json() : null;
      if (!isObject(body) || !Array.isArray(body.fields)) throw refused();
      const fields = body.fields.filter(isObject);
      const text = (value: unknown) => (typeof value === "string" ? value : "");
      return {
        label: text(body.label) || object,
        names: new Set(
          fields.flatMap((f) => [text(f.name), text(f.relationshipName)]).filter((n) => n !== ""),
        ),
        updateable: new Set(fields.filter((f) => f.updateable === true).map((f) => text(f.name))),
      };
    },
    look: async (soql) => (await rowsOf(soql, /\bFROM (\w+)/.exec(soql)?.[1] ?? "a record", "push")).records,
    patch: (object, id, fields, unmodifiedSince) =>
      token.request((bearer) =>
        http.request({
          method: "PATCH",
          url: `${root}/sobjects/${object}/${id}`,
          headers: {
            authorization: `Bearer ${bearer}`,
            "content-type": "application/json",
            accept: "application/json",
            // Lets the org's change events tell our own writes from others'.
            "sforce-call-options": "client=plumbline",
            ...(unmodifiedSince === null
              ? {}
              : { "if-unmodified-since": new Date(unmodifiedSince).toUTCString() }),
          },
          body: JSON.stringify(fields),
          retry: "never",
          purpose: "push",
        }),
      ),
  };
}

function pageOf(body: unknown): (RowPage & { next: string | null }) | null {
  if (!isObject(body) || typeof body.totalSize !== "number") return null;
  return {
    records: Array.isArray(body.records) ? body.records.filter(isObject).map(withoutAttributes) : [],
    total: body.totalSize,
    done: body.done !== false,
    next: body.done === false && typeof body.nextRecordsUrl === "string" ? body.nextRecordsUrl : null,
  };
}

/** Every row carries its type and address, which the reader knows; they would only fill the raw log. */
function withoutAttributes(row: Row): Row {
  const own = Object.entries(row).filter(([name]) => name !== "attributes");
  return Object.fromEntries(own.map(([name, v]) => [name, isObject(v) ? withoutAttributes(v) : v]));
}
