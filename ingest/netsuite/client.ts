/**
 * Talking to a NetSuite account: token by signed assertion, SuiteQL, records, the rates RESTlet. Knows nothing of what the records
 * mean. "Now" is the account's clock, taken from its Date header.
 */
import { importPKCS8, SignJWT } from "jose";
import type { SourceConfig } from "#core/config";
import { ConfigError } from "#core/errors";
import { newId } from "#core/ids";
import type { SourceDeps } from "../connector.ts";
import { type HttpResponse, withToken } from "../http.ts";
import { isObject } from "../payload.ts";
import { type AccountTime, accountTime } from "./account-time.ts";
import { lanes } from "./lanes.ts";
import { readRefused, refusalOf, turnedAway } from "./refusal.ts";
import type { NetSuiteSettings } from "./settings.ts";

export type Row = Readonly<Record<string, unknown>>;

export interface RowPage {
  records: readonly Row[];
  hasMore: boolean;
  total: number;
}

export interface Account {
  name: string;
  settings: NetSuiteSettings;
  time: AccountTime;
  /** The account's clock, epoch milliseconds. */
  serverNow(signal?: AbortSignal): Promise<number>;
  /** One page of a SuiteQL query from its start; `params` fill the `?`s. `what` names it in messages. */
  select(
    what: string,
    q: string,
    params: readonly (string | number)[],
    options?: { signal?: AbortSignal; purpose?: "read" | "push"; limit?: number },
  ): Promise<RowPage>;
  /** A REST record as it is now; null when there is none. */
  record(type: string, id: string): Promise<Row | null>;
  /** A write to a REST record, sent once. `path` is `job/1842` or `timeBill/eid:…`. */
  write(method: "PATCH" | "PUT" | "POST" | "DELETE", path: string, body: Row | null): Promise<HttpResponse>;
  /** A read of the rates RESTlet, with query parameters; null when it answers with the code `absent`. */
  rates(
    params: Readonly<Record<string, string>>,
    options: { purpose: "read" | "push"; signal?: AbortSignal | undefined; absent?: string },
  ): Promise<unknown>;
  /** A compare-and-set through the rates RESTlet, sent once. */
  putRate(body: Row): Promise<HttpResponse>;
}

const TOKEN_PATH = "/services/rest/auth/oauth2/v1/token";
const CLOCK_FRESH_MS = 600_000;

export function openAccount(source: SourceConfig, settings: NetSuiteSettings, deps: SourceDeps): Account {
  const { http, clock } = deps;
  const name = source.name ?? source.id;
  const base = source.baseUrl.replace(/\/+$/, "");
  const restlet = restletAddress(base, settings);
  const lane = lanes(settings.concurrency);
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
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: await assertion(base + TOKEN_PATH, settings, clock.now()),
      }).toString(),
      // An assertion works once, so the same request is not sent again by itself.
      retry: "never",
      purpose: "push",
    });
    const body = response.status === 200 ? noteClock(response).json() : null;
    if (isObject(body) && typeof body.access_token === "string") return body.access_token;
    if (response.status === 429 || response.status >= 500) throw readRefused(name, "a token", response);
    const { code } = refusalOf(response);
    throw new ConfigError("netsuite.no-token", `${name}: no token: ${response.status} ${code}`, {
      userMessage: `${name} did not accept the certificate (${code}), so nothing can be read. Check clientId, certificateId and privateKey; a sandbox refresh and an expired certificate both undo the mapping.`,
    });
  });

  interface Call {
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    url: string;
    headers?: Readonly<Record<string, string>>;
    body?: unknown;
    retry: "read" | "never";
    purpose: "read" | "push";
    signal?: AbortSignal | undefined;
  }

  const call = (c: Call): Promise<HttpResponse> =>
    token.request((bearer) =>
      lane.run(c.purpose, async () =>
        noteClock(
          await http.request({
            method: c.method,
            url: c.url,
            headers: {
              authorization: `Bearer ${bearer}`,
              accept: "application/json",
              ...(c.body === undefined ? {} : { "content-type": "application/json" }),
              ...c.headers,
            },
            ...(c.body === undefined ? {} : { body: JSON.stringify(c.body) }),
            retry: c.retry,
            purpose: c.purpose,
            judge: (r) => (turnedAway(r) ? "retry" : null),
            ...(c.signal === undefined ? {} : { signal: c.signal }),
          }),
        ),
      ),
    );

  return {
    name,
    settings,
    time: accountTime(source.timeZone),
    async serverNow(signal) {
      if (serverClock === null || Math.abs(clock.now() - serverClock.at) > CLOCK_FRESH_MS)
        await this.select("its clock", "SELECT id FROM currency ORDER BY id", [], {
          limit: 1,
          ...(signal === undefined ? {} : { signal }),
        });
      return clock.now() + (serverClock?.ahead ?? 0);
    },
    async select(what, q, params, options = {}) {
      const response = await call({
        method: "POST",
        url: `${base}/services/rest/query/v1/suiteql?limit=${options.limit ?? settings.pageSize}&offset=0`,
        headers: { prefer: "transient" },
        body: { q, params },
        retry: "read",
        purpose: options.purpose ?? "read",
        signal: options.signal,
      });
      const body = response.status === 200 ? response.json() : null;
      if (!isObject(body) || !Array.isArray(body.items)) throw readRefused(name, what, response);
      return {
        records: body.items.filter(isObject).map(({ links: _, ...row }) => row),
        hasMore: body.hasMore === true,
        total: typeof body.totalResults === "number" ? body.totalResults : 0,
      };
    },
    async record(type, id) {
      const response = await call({
        method: "GET",
        url: `${base}/services/rest/record/v1/${type}/${encodeURIComponent(id)}`,
        retry: "read",
        purpose: "push",
      });
      if (response.status === 404) return null;
      const body = response.status === 200 ? response.json() : null;
      if (!isObject(body)) throw readRefused(name, type, response);
      return body;
    },
    write: (method, path, body) =>
      call({
        method,
        url: `${base}/services/rest/record/v1/${path}`,
        // By default the vendor drops a member it does not know without a word.
        headers: { "x-netsuite-propertynamevalidation": "error" },
        ...(body === null ? {} : { body }),
        retry: "never",
        purpose: "push",
      }),
    async rates(params, options) {
      const response = await call({
        method: "GET",
        url: `${restlet}&${new URLSearchParams(params).toString()}`,
        retry: "read",
        purpose: options.purpose,
        signal: options.signal,
      });
      if (response.status === 200) return response.json();
      if (options.absent !== undefined && refusalOf(response).code === options.absent) return null;
      throw readRefused(name, "rate cards (the rates RESTlet)", response);
    },
    putRate: (body) => call({ method: "PUT", url: restlet, body, retry: "never", purpose: "push" }),
  };
}

/** The account's RESTlet host stands beside its REST host; anywhere else (a gateway), both are one. */
function restletAddress(base: string, settings: NetSuiteSettings): string {
  const host =
    settings.restletUrl ?? base.replace(".suitetalk.api.netsuite.com", ".restlets.api.netsuite.com");
  const query = new URLSearchParams({ script: settings.ratesScript, deploy: settings.ratesDeployment });
  return `${host.replace(/\/+$/, "")}/app/site/hosting/restlet.nl?${query.toString()}`;
}

/** Proof that we hold the certificate's key: short-lived, for this endpoint only, and never the same twice. */
async function assertion(audience: string, settings: NetSuiteSettings, now: number): Promise<string> {
  const seconds = Math.floor(now / 1000);
  let key: Awaited<ReturnType<typeof importPKCS8>>;
  try {
    key = await importPKCS8(settings.privateKey, settings.algorithm);
  } catch (cause) {
    throw new ConfigError("netsuite.bad-key", "NetSuite private key cannot be read", {
      cause,
      userMessage:
        "The NetSuite private key cannot be read. It must be a PKCS #8 PEM (-----BEGIN PRIVATE KEY-----) that fits the algorithm in the settings.",
    });
  }
  return new SignJWT({ scope: ["restlets", "rest_webservices"] })
    .setProtectedHeader({ typ: "JWT", alg: settings.algorithm, kid: settings.certificateId })
    .setIssuer(settings.clientId)
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 300)
    .setJti(newId())
    .sign(key);
}
