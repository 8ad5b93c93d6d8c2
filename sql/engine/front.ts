/**
 * The HTTP side of the embedded engine: enough of ClickHouse's HTTP interface that an unmodified client cannot tell it from a
 * server, plus leases (who still needs the engine) and a stop request. Listens on loopback only, with a password.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import { finished } from "node:stream/promises";
import { createGzip, gzipSync } from "node:zlib";
import { log } from "#core/log";
import { EngineException, exceptionText, statusOf } from "./exception.ts";
import type { EngineReply, Executor } from "./execute.ts";
import { type EngineRequest, readRequest, wantsGzip } from "./request.ts";

export interface FrontOptions {
  executor: Executor;
  user: string;
  password: string;
  /** Directory for the rows of inserts being received. */
  spool: string;
  /** Called when the number of leases has changed. */
  onLeases(count: number): void;
  /** Called when somebody with the password asks the engine to stop. */
  onStop(): void;
}

/** The server, not yet listening. */
export function createFront(options: FrontOptions): Server {
  let leases = 0;
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? "/", "http://engine");
    res.on("error", () => undefined);
    handle(req, res, url).catch((error) => {
      log.error({ error: exceptionText(error).text }, "engine front failed");
      res.destroy();
    });
  });
  server.keepAliveTimeout = 10_000;
  // A statement may compute for as long as its max_execution_time lets it.
  server.requestTimeout = 0;
  server.timeout = 0;

  const handle = async (req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> => {
    if (url.pathname === "/ping" || url.pathname === "/replicas_status") {
      res.writeHead(200, { "Content-Type": "text/html; charset=UTF-8" }).end("Ok.\n");
      return;
    }
    try {
      authenticate(req, url, options);
    } catch (error) {
      return sendError(req, res, url, error, null);
    }
    if (url.pathname === "/lease") return lease(res);
    if (url.pathname === "/stop" && req.method === "POST") {
      res.writeHead(202).end("Stopping.\n");
      options.onStop();
      return;
    }
    return statement(req, res, url);
  };

  const lease = (res: ServerResponse) => {
    // Between closing the door and ending, a newcomer must not be told that it has an engine.
    if (!server.listening) {
      res.writeHead(503).end("Stopping.\n");
      return;
    }
    leases++;
    options.onLeases(leases);
    res.on("close", () => {
      leases--;
      options.onLeases(leases);
    });
    res.writeHead(200, { "Content-Type": "text/plain" });
    res.write("held\n");
  };

  const statement = async (req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> => {
    const gone = new AbortController();
    res.on("close", () => gone.abort());
    let request: EngineRequest | null = null;
    try {
      request = await readRequest(req, url, options.spool);
      const reply = await options.executor.execute(request, gone.signal);
      await sendReply(res, request, reply);
    } catch (error) {
      await sendError(req, res, url, error, request);
    } finally {
      if (request?.data) await rm(request.data, { force: true });
    }
  };

  return server;
}

function authenticate(req: IncomingMessage, url: URL, expected: { user: string; password: string }): void {
  let user = one(req.headers["x-clickhouse-user"]) ?? url.searchParams.get("user") ?? "default";
  let password = one(req.headers["x-clickhouse-key"]) ?? url.searchParams.get("password") ?? "";
  const basic = /^Basic (.+)$/i.exec(req.headers.authorization ?? "")?.[1];
  if (basic !== undefined) {
    const [name = "", ...rest] = Buffer.from(basic, "base64").toString("utf8").split(":");
    user = name;
    password = rest.join(":");
  }
  if (user !== expected.user || !sameText(password, expected.password))
    throw new EngineException(
      516,
      "AUTHENTICATION_FAILED",
      `${user}: Authentication failed: password is incorrect, or there is no user with such name.`,
    );
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  CSV: "text/csv; charset=UTF-8; header=absent",
  CSVWithNames: "text/csv; charset=UTF-8; header=present",
  JSON: "application/json; charset=UTF-8",
  JSONCompact: "application/json; charset=UTF-8",
  JSONEachRow: "application/x-ndjson; charset=UTF-8",
  JSONEachRowWithProgress: "application/x-ndjson; charset=UTF-8",
  TabSeparated: "text/tab-separated-values; charset=UTF-8",
  TSV: "text/tab-separated-values; charset=UTF-8",
};

/** Sends a result as it comes, no faster than the client reads. A failure in the middle ends the body the way a server says it. */
async function sendReply(res: ServerResponse, request: EngineRequest, reply: EngineReply): Promise<void> {
  const tag = randomBytes(8).toString("hex");
  res.writeHead(200, {
    ...serverHeaders(request.queryId),
    "Content-Type": CONTENT_TYPES[reply.format] ?? "application/octet-stream",
    "X-ClickHouse-Format": reply.format,
    "X-ClickHouse-Summary": JSON.stringify(reply.summary),
    "X-ClickHouse-Exception-Tag": tag,
    ...(request.gzip ? { "Content-Encoding": "gzip" } : {}),
  });
  const gzip = request.gzip ? createGzip({ level: 1 }) : null;
  if (gzip) gzip.pipe(res);
  const out = gzip ?? res;
  const closed = new Promise<void>((resolve) => res.once("close", resolve));
  try {
    for await (const chunk of withProgress(reply)) {
      if (res.destroyed) break;
      if (!out.write(chunk)) await Promise.race([once(out, "drain"), closed]);
    }
  } catch (error) {
    if (!res.destroyed) out.write(midStreamError(reply.format, tag, exceptionText(error).text));
  }
  if (res.destroyed) {
    gzip?.destroy();
    return;
  }
  out.end();
  await finished(res, { error: false }).catch(() => undefined);
}

/** In the format with progress, the engine repeats the column header with every block and leaves the progress to the server. */
async function* withProgress(reply: EngineReply): AsyncGenerator<Buffer> {
  if (reply.format !== "JSONEachRowWithProgress") {
    yield* reply.body;
    return;
  }
  let rows = 0;
  let first = true;
  for await (const chunk of reply.body) {
    const lines = chunk
      .toString("utf8")
      .split("\n")
      .filter((line) => first || !line.startsWith('{"meta":'));
    rows += lines.filter((line) => line.startsWith('{"row":')).length;
    first = false;
    yield Buffer.from(lines.join("\n"));
    const progress = { read_rows: String(rows), read_bytes: "0", elapsed_ns: "0" };
    yield Buffer.from(`${JSON.stringify({ progress })}\n`);
  }
}

function midStreamError(format: string, tag: string, text: string): string {
  if (format === "JSONEachRowWithProgress") return `${JSON.stringify({ exception: text })}\n`;
  const message = `${text}\n`;
  return `\r\n__exception__\r\n${tag}\r\n${message}${Buffer.byteLength(message)} ${tag}\r\n__exception__\r\n`;
}

async function sendError(
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  error: unknown,
  request: EngineRequest | null,
): Promise<void> {
  if (res.destroyed) return;
  const { code, text } = exceptionText(error);
  const gzip = request?.gzip ?? wantsGzip(req, url.searchParams);
  const body = Buffer.from(`${text}\n`);
  const headers: OutgoingHttpHeaders = {
    ...serverHeaders(request?.queryId ?? ""),
    "Content-Type": "text/plain; charset=UTF-8",
    "X-ClickHouse-Exception-Code": String(code),
    ...(gzip ? { "Content-Encoding": "gzip" } : {}),
    // The rest of a body nobody will read would be taken for the next request.
    ...(req.complete ? {} : { Connection: "close" }),
  };
  res.writeHead(statusOf(code), headers).end(gzip ? gzipSync(body) : body);
  req.resume();
}

function serverHeaders(queryId: string): OutgoingHttpHeaders {
  return {
    "X-ClickHouse-Query-Id": queryId,
    "X-ClickHouse-Server-Display-Name": "embedded",
    "X-ClickHouse-Timezone": "UTC",
  };
}
