/**
 * The HTTP shell both sandbox vendors stand in: reads a request, asks the faults what goes wrong with it, lets the
 * vendor answer, and sends the answer with the vendor's own clock in the Date header. Knows no vendor.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "#core/time";
import { createHttpFaults, FaultCommand, type HttpFaultEffect, type HttpFaults } from "./http-faults.ts";

export interface HttpRequest {
  method: string;
  /** Path without the query string, as sent. */
  path: string;
  /** Path with the query string, as sent. */
  target: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface HttpReply {
  status: number;
  headers?: Record<string, string>;
  /** An object or array is sent as JSON, a string as it is (then name its content-type), undefined as no body. */
  body?: unknown;
}

/** How a vendor words the failures that have words. */
export interface VendorWords {
  unauthorized(): HttpReply;
  tooManyRequests(): HttpReply;
  serverError(status: number): HttpReply;
}

export interface VendorServerOptions {
  clock: Clock;
  /** 0 (default) takes a free port. */
  port?: number;
  faults?: HttpFaults;
  words: VendorWords;
  /** The name of the array that holds a page's rows in an answer. */
  rowsField: string;
  handle(request: HttpRequest): HttpReply | Promise<HttpReply>;
}

export interface VendorServer {
  url: string;
  faults: HttpFaults;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

const ADMIN_PATH = "/__sandbox/faults";
const MAX_BODY_BYTES = 50_000_000;

/** Starts a vendor on loopback. A handler that throws answers 500 in the vendor's words. */
export async function startVendorServer(options: VendorServerOptions): Promise<VendorServer> {
  const faults = options.faults ?? createHttpFaults();
  const server = createServer((incoming, response) => {
    serve(options, faults, incoming, response).catch((error: unknown) => {
      if (!response.destroyed) send(options, response, options.words.serverError(500));
      // A caller that hangs up is its own business; anything else is a mistake in the sandbox and must be seen.
      if (!incoming.errored) process.emitWarning(error instanceof Error ? error : String(error));
    });
  });
  // Longer than any client's idle keep-alive, so that a reused connection is never one the server just closed.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    faults,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function serve(
  options: VendorServerOptions,
  faults: HttpFaults,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await readRequest(incoming);
  if (request.path === ADMIN_PATH) return send(options, response, admin(faults, request));

  const effects = faults.strike(request.method, readable(request.target), request.body);
  for (const effect of effects) if (effect.kind === "slow") await delay(effect.ms);
  if (effects.some((e) => e.kind === "cut" || e.kind === "outage")) return void response.destroy();
  const refusal = effects.map((e) => refuse(e, options.words)).find((r) => r !== null);
  const reply = refusal ?? reshape(effects, faults, options.rowsField, await options.handle(request));
  if (effects.some((e) => e.kind === "cut-after-commit")) return void response.destroy();
  if (effects.some((e) => e.kind === "truncated")) return truncate(options, response, reply);
  if (effects.some((e) => e.kind === "malformed-json")) {
    const text = bodyText(reply) ?? "";
    return send(options, response, {
      ...reply,
      headers: { ...reply.headers, "content-type": "application/json" },
      body: `${text.slice(0, text.length / 2)}\u0000<!-- gateway -->`,
    });
  }
  send(options, response, reply);
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError("A sandbox vendor takes bodies up to 50 MB");
    chunks.push(chunk);
  }
  const target = incoming.url ?? "/";
  const cut = target.indexOf("?");
  return {
    method: (incoming.method ?? "GET").toUpperCase(),
    path: cut < 0 ? target : target.slice(0, cut),
    target,
    query: new URLSearchParams(cut < 0 ? "" : target.slice(cut + 1)),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

/** The target as a person would write it, so that a fault can name an object inside a query. */
function readable(target: string): string {
  try {
    return decodeURIComponent(target.replaceAll("+", " "));
  } catch {
    return target;
  }
}

/** Reads and changes the faults: GET lists, DELETE clears, POST takes a FaultCommand; each answers the list. */
function admin(faults: HttpFaults, request: HttpRequest): HttpReply {
  try {
    if (request.method === "DELETE") faults.clear();
    if (request.method === "POST") {
      const command = FaultCommand.parse(JSON.parse(request.body));
      if (command.clear === true) faults.clear();
      for (const id of command.remove ?? []) faults.remove(id);
      for (const rule of command.add ?? []) faults.add(rule);
    }
    return { status: 200, body: { faults: faults.list() } };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}

/** The answer an effect gives instead of the vendor's, or null when the request is handled. */
function refuse(effect: HttpFaultEffect, words: VendorWords): HttpReply | null {
  switch (effect.kind) {
    case "unauthorized":
      return words.unauthorized();
    case "too-many-requests": {
      const reply = words.tooManyRequests();
      if (effect.retryAfter === undefined) return reply;
      return { ...reply, headers: { ...reply.headers, "retry-after": String(effect.retryAfter) } };
    }
    case "server-error":
      return effect.html === true
        ? {
            status: effect.status ?? 503,
            headers: { "content-type": "text/html; charset=utf-8" },
            body: "<html><head><title>Down for maintenance</title></head><body><h1>We will be back</h1></body></html>",
          }
        : words.serverError(effect.status ?? 500);
    case "answer":
      return {
        status: effect.status,
        body: effect.body,
        ...(effect.headers === undefined ? {} : { headers: effect.headers }),
      };
    default:
      return null;
  }
}

function reshape(
  effects: readonly HttpFaultEffect[],
  faults: HttpFaults,
  rowsField: string,
  reply: HttpReply,
): HttpReply {
  const body = reply.body;
  if (typeof body !== "object" || body === null || !(rowsField in body)) return reply;
  let rows = (body as Record<string, unknown>)[rowsField];
  if (!Array.isArray(rows)) return reply;
  for (const effect of effects) {
    if (effect.kind === "duplicate-page") rows = [...(rows as unknown[]), ...(rows as unknown[])];
    if (effect.kind === "shuffled-page") rows = shuffled(rows as unknown[], faults.random);
  }
  return { ...reply, body: { ...body, [rowsField]: rows } };
}

/** Every order is equally likely, save the one it came in when there is another. */
function shuffled(rows: readonly unknown[], random: () => number): unknown[] {
  const out = [...rows];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out.length > 1 && out.every((row, i) => row === rows[i]) ? out.reverse() : out;
}

function bodyText(reply: HttpReply): string | undefined {
  if (reply.body === undefined) return undefined;
  return typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
}

function head(options: VendorServerOptions, response: ServerResponse, reply: HttpReply): void {
  response.statusCode = reply.status;
  response.sendDate = false;
  response.setHeader("date", new Date(options.clock.now()).toUTCString());
  if (reply.body !== undefined) response.setHeader("content-type", "application/json;charset=UTF-8");
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
}

function send(options: VendorServerOptions, response: ServerResponse, reply: HttpReply): void {
  head(options, response, reply);
  response.end(bodyText(reply));
}

/** Promises the whole body, sends half of it and hangs up. */
function truncate(options: VendorServerOptions, response: ServerResponse, reply: HttpReply): void {
  const bytes = Buffer.from(bodyText(reply) ?? "");
  head(options, response, reply);
  response.setHeader("content-length", String(Math.max(bytes.length, 1)));
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}
