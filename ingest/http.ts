/**
 * How Plumbline calls a vendor: one request at a time, within the source's rate budget, with time-outs, and with retries for reads.
 * A write is sent once; whoever sent it must find out what became of it. Only the hosts named in the source's configuration can be
 * reached, and redirects are not followed, so that credentials never travel elsewhere.
 */
import { type AppError, ConfigError, TransientError } from "#core/errors";
import { type Clock, sayDuration } from "#core/time";
import { rateBudget, realTimer, type Timer } from "./rate-budget.ts";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** For one try, answer included. 60 s when left out. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** `read`: asking again is harmless, so trouble is retried. `never`: sent once, and the answer is handed over as it came. */
  retry: "read" | "never";
  /** Which part of the rate budget it uses. */
  purpose: "read" | "push";
  /** What this vendor's answer asks for, where the retry table would say something else; null leaves it to the table. */
  judge?: Judge;
}

/** A whole answer; its body has been received. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  text(): string;
  /** Throws TransientError `http.not-json` when the body is not JSON. */
  json(): unknown;
}

/** What to do with an answer: hand it to the caller, or ask again. */
export type Action = "return" | "retry";
export type Judge = (response: HttpResponse) => Action | null;

export interface Http {
  /**
   * Sends a request and waits for its answer, whatever its status. Throws TransientError when there was no answer or a read's
   * retries ran out (`context.reached` is false when the request cannot have arrived, so nothing can have been written), and
   * ConfigError for a host that is not configured or an answer that redirects.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Requests sent so far, and how many of them were repeats. */
  counts(): { requests: number; retries: number };
}

/** Status → what a read does about it. A status that is not listed is the caller's to judge. */
export const RETRY_TABLE: Readonly<Record<number, Action>> = {
  408: "retry",
  425: "retry",
  429: "retry",
  500: "retry",
  502: "retry",
  503: "retry",
  504: "retry",
};

export interface HttpOptions {
  /** What people call the source, for messages. */
  source: string;
  /** `host` or `host:port`, as in a URL. */
  hosts: readonly string[];
  requestsPerMinute: number;
  clock: Clock;
  /** Tries of one read in all. */
  tries?: number;
  /** First wait before a retry, at most; it doubles from try to try. */
  backoffMs?: number;
  /** For tests that must not wait. */
  timer?: Timer;
}

const LONGEST_BACKOFF_MS = 30_000;
/** A source that asks for more patience than this is read at its next turn. */
const LONGEST_RETRY_AFTER_MS = 120_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** The connection was never made, so the request cannot have arrived. */
const NEVER_ARRIVED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Opens the way to one source. */
export function openHttp(options: HttpOptions): Http {
  const { source, clock, tries = 6, backoffMs = 400, timer = realTimer } = options;
  const hosts = new Set(options.hosts.map((h) => h.toLowerCase()));
  const budget = rateBudget(options.requestsPerMinute, timer);
  let requests = 0;
  let retries = 0;

  const once = async (request: HttpRequest): Promise<HttpResponse> => {
    await budget.take(request.purpose, request.signal);
    requests++;
    const limit = AbortSignal.timeout(request.timeoutMs ?? 60_000);
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
    try {
      const answer = await fetch(request.url, {
        method: request.method,
        headers: request.headers ?? {},
        body: request.body === undefined ? null : (request.body as BodyInit),
        redirect: "manual",
        signal,
      });
      return received(source, answer.status, answer.headers, await answer.text());
    } catch (cause) {
      request.signal?.throwIfAborted();
      throw noAnswer(source, request, cause, limit.aborted);
    }
  };

  return {
    counts: () => ({ requests, retries }),
    async request(request) {
      const host = hostOf(request.url);
      if (!hosts.has(host))
        throw new ConfigError("http.host-not-allowed", `${source}: ${host} is not a configured host`, {
          userMessage: `${source} wanted to call ${host}, which its configuration does not name, so nothing was sent. If that address is right, add it to the source's settings.`,
        });
      for (let tried = 1; ; tried++) {
        let trouble: AppError;
        let wait = 0;
        try {
          const response = await once(request);
          refuseRedirect(source, request, response);
          if (request.retry === "never") return response;
          if ((request.judge?.(response) ?? RETRY_TABLE[response.status] ?? "return") === "return") {
            if (response.status < 300 && isJson(response)) response.json();
            return response;
          }
          wait = retryAfterMs(response, clock);
          trouble = stillFailing(source, response, tried);
        } catch (error) {
          if (!(error instanceof TransientError) || request.retry === "never") throw error;
          trouble = error;
        }
        if (tried >= tries || wait > LONGEST_RETRY_AFTER_MS) throw trouble;
        retries++;
        // Full jitter, so that readers stopped by the same outage do not come back together.
        const jitter = Math.random() * Math.min(LONGEST_BACKOFF_MS, backoffMs * 2 ** (tried - 1));
        await timer.sleep(wait + jitter, request.signal);
      }
    },
  };
}

/** Throws when a page's token comes a second time: a source that sends its reader in circles would never be finished. */
export function guardLoop(what: string): (token: string) => void {
  const seen = new Set<string>();
  return (token) => {
    if (seen.has(token))
      throw new TransientError("http.page-loop", `${what}: page token repeated: ${token}`, {
        userMessage: `Reading ${what} was stopped because the source sent the same page marker twice and would never have come to an end. Nothing was lost; it is read again at the next turn. If this keeps happening, report it to the vendor.`,
      });
    seen.add(token);
  };
}

export interface TokenHolder {
  /**
   * Sends with the current token. An answer of 401 fetches a new token and sends once more: such a request was refused at the door, so
   * this is safe for writes too. Throws ConfigError when the new token is refused as well.
   */
  request(send: (token: string) => Promise<HttpResponse>): Promise<HttpResponse>;
}

/**
 * Keeps one access token: fetched at the first need, and again when refused. Requests that find it refused at the same time share one
 * refresh. `refused` says which answers mean that the token is no longer good, where that is not just 401.
 */
export function withToken(
  what: string,
  obtain: () => Promise<string>,
  refused: (response: HttpResponse) => boolean = (r) => r.status === 401,
): TokenHolder {
  let current: Promise<string> | null = null;
  const get = (stale: Promise<string> | null): Promise<string> => {
    if (current === null || current === stale) {
      const next = obtain();
      current = next;
      next.catch(() => {
        if (current === next) current = null;
      });
    }
    return current;
  };
  return {
    async request(send) {
      const first = get(null);
      const response = await send(await first);
      if (!refused(response)) return response;
      const again = await send(await get(first));
      if (!refused(again)) return again;
      throw new ConfigError("http.token-refused", `${what}: a fresh token was refused (${again.status})`, {
        userMessage: `${what} refused a token it had just issued, so nothing can be read or written. Check that the integration's user is active and may use the API. ${what} said: ${excerpt(again)}`,
      });
    },
  };
}

function received(source: string, status: number, headers: Headers, body: string): HttpResponse {
  let parsed: { value: unknown } | null = null;
  return {
    status,
    headers,
    text: () => body,
    json() {
      if (parsed) return parsed.value;
      try {
        parsed = { value: JSON.parse(body) };
        return parsed.value;
      } catch (cause) {
        throw new TransientError(
          "http.not-json",
          `${source}: the body is not JSON (${body.length} characters)`,
          {
            cause,
            context: { reached: true },
            userMessage: `${source} sent an answer that breaks off or is not in the agreed format, so it was not used. It is asked again at the next turn.`,
          },
        );
      }
    },
  };
}

function isJson(response: HttpResponse): boolean {
  return response.text() !== "" && /\bjson\b/i.test(response.headers.get("content-type") ?? "");
}

function hostOf(url: string): string {
  const at = URL.canParse(url) ? new URL(url) : null;
  return at && /^https?:$/.test(at.protocol) ? at.host.toLowerCase() : url;
}

function refuseRedirect(source: string, request: HttpRequest, response: HttpResponse): void {
  if (!REDIRECTS.has(response.status)) return;
  throw new ConfigError("http.redirected", `${source}: ${request.url} answered ${response.status}`, {
    userMessage: `${source} sent us on to ${response.headers.get("location") ?? "another address"}, which was not followed, because it could carry credentials elsewhere. Set the source's baseUrl to the address the system answers at.`,
  });
}

/** The wait a `Retry-After` asks for, in milliseconds: a number of seconds or a date. 0 when there is none. */
function retryAfterMs(response: HttpResponse, clock: Clock): number {
  const asked = response.headers.get("retry-after")?.trim();
  if (!asked) return 0;
  if (/^\d+(\.\d+)?$/.test(asked)) return Number(asked) * 1000;
  const at = Date.parse(asked);
  return Number.isNaN(at) ? 0 : Math.max(0, at - clock.now());
}

function stillFailing(source: string, response: HttpResponse, tried: number): TransientError {
  const limited = response.status === 429;
  return new TransientError(
    limited ? "http.rate-limited" : "http.unavailable",
    `${source}: ${response.status} after ${tried} ${tried === 1 ? "try" : "tries"}: ${excerpt(response)}`,
    {
      context: { reached: true, status: response.status },
      userMessage: limited
        ? `${source} says it is getting too many requests. Reading goes on at its next turn from where it stopped. If this keeps happening, lower requestsPerMinute for this source.`
        : `${source} answered with an error of its own (${response.status}) ${tried} ${tried === 1 ? "time" : "times"}. Reading goes on at its next turn from where it stopped. It said: ${excerpt(response)}`,
    },
  );
}

function noAnswer(source: string, request: HttpRequest, cause: unknown, timedOut: boolean): AppError {
  const code = causeCode(cause);
  const reached = !NEVER_ARRIVED.has(code);
  const context = { reached, url: withoutQuery(request.url), cause: code };
  if (timedOut)
    return new TransientError("http.timeout", `${source}: no answer in time from ${context.url}`, {
      cause,
      context,
      userMessage: `${source} did not answer within ${sayDuration(request.timeoutMs ?? 60_000)}. It may be slow or down; it is tried again at its next turn.`,
    });
  if (/^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_VERIFY)/.test(code))
    return new ConfigError("http.certificate", `${source}: certificate not trusted (${code})`, {
      cause,
      context,
      userMessage: `The certificate of ${new URL(request.url).host} is not trusted (${code}), so nothing was sent. Check the address, or give Node the certificate authority with NODE_EXTRA_CA_CERTS.`,
    });
  return new TransientError(
    reached ? "http.cut-off" : "http.unreachable",
    `${source}: ${context.url}: ${code || String(cause)}`,
    {
      cause,
      context,
      userMessage: reached
        ? `The connection to ${source} broke off before its answer was complete. It is tried again at its next turn.`
        : `${source} cannot be reached at ${new URL(request.url).host}. Check that the address is right and the system is up; it is tried again at its next turn.`,
    },
  );
}

function causeCode(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = (at as Error & { code?: unknown }).code;
    if (typeof code === "string") return code;
  }
  return "";
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/, "");
}

/** The beginning of what the vendor said, on one line. */
function excerpt(response: HttpResponse): string {
  const text = response.text().replace(/\s+/g, " ").trim();
  return text === "" ? "(nothing)" : text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
