/** Turns an HTTP request into one statement with its data, parameters and settings, as ClickHouse's HTTP interface does. */
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { newId } from "#core/ids";
import { insertWithData, keyword, oneStatement } from "../statement.ts";
import { EngineException } from "./exception.ts";
import { multipartFields } from "./multipart.ts";

export interface EngineRequest {
  queryId: string;
  /** How it is to be run. `bulk` is an INSERT whose data lies in the file `data`. */
  kind: "select" | "bulk" | "other";
  sql: string;
  /** File with the rows of a bulk insert; the caller removes it. */
  data: string | null;
  database: string | null;
  /** Values as ClickHouse's escaped text (TSV), by parameter name. */
  params: ReadonlyMap<string, string>;
  settings: ReadonlyMap<string, string>;
  format: string;
  /** Keep the answer until the query has ended, so that a late error still gets its status. */
  buffered: boolean;
  gzip: boolean;
}

/** Understood by a server's HTTP layer and unknown to the engine. */
const HTTP_SETTINGS = new Set([
  "wait_end_of_query",
  "send_progress_in_http_headers",
  "http_response_buffer_size",
  "buffer_size",
  "http_headers_progress_interval_ms",
  "enable_http_compression",
  "http_zlib_compression_level",
  "cancel_http_readonly_queries_on_client_close",
]);
const NOT_SETTINGS = new Set([
  "query",
  "query_id",
  "database",
  "default_format",
  "user",
  "password",
  "quota_key",
  "session_timeout",
  "session_check",
  ...HTTP_SETTINGS,
]);
const NAME = /^[A-Za-z_]\w*$/;
/** Longest statement text; rows go to a file and have no limit. */
const MAX_SQL_BYTES = 16 * 1024 * 1024;

/**
 * Reads a whole request; rows of an INSERT go to a file in `spool`.
 * Throws EngineException for what a server refuses, and for several statements, SET and sessions.
 */
export async function readRequest(req: IncomingMessage, url: URL, spool: string): Promise<EngineRequest> {
  const fields = new Map<string, string>(url.searchParams);
  const body = bodyOf(req);
  const type = req.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) {
    for (const [name, value] of multipartFields(await readText(body), type)) fields.set(name, value);
    return { ...options(fields, req), ...(await statement(fields.get("query") ?? "", null, spool)) };
  }
  const asked = fields.get("query") ?? "";
  const bulk = insertWithData(asked);
  if (bulk && (bulk.format !== "Values" || asked.slice(bulk.dataFrom).trim() === ""))
    return { ...options(fields, req), ...(await statement(asked, body, spool)) };
  // A statement may come half in the address and half in the body; a server joins them.
  const sql = [asked, await readText(body)].filter((part) => part !== "").join("\n");
  return { ...options(fields, req), ...(await statement(sql, null, spool)) };
}

function options(fields: ReadonlyMap<string, string>, req: IncomingMessage) {
  if (fields.has("session_id"))
    throw new EngineException(
      48,
      "NOT_IMPLEMENTED",
      "The embedded engine keeps no sessions between requests.",
    );
  const params = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [name, value] of fields) {
    if (name.startsWith("param_")) params.set(checkedName(name.slice(6)), value);
    else if (!NOT_SETTINGS.has(name) && name !== "role") settings.set(checkedName(name), value);
  }
  // A server treats GET as safe; 2 allows settings and refuses writes.
  if (req.method === "GET" && !settings.has("readonly")) settings.set("readonly", "2");
  const queryId = fields.get("query_id") || newId();
  // It comes back as a header.
  if (!/^[\x20-\x7e]{1,200}$/.test(queryId)) throw new EngineException(36, "BAD_ARGUMENTS", "Bad query_id.");
  return {
    queryId,
    database: fields.get("database") || null,
    params,
    settings,
    format: fields.get("default_format") || "TabSeparated",
    buffered: fields.get("wait_end_of_query") === "1",
    gzip: wantsGzip(req, fields),
  };
}

/** Whether the client asked for a compressed answer; a server needs both the header and the setting. */
export function wantsGzip(
  req: IncomingMessage,
  fields: { get(name: string): string | undefined | null },
): boolean {
  return (
    fields.get("enable_http_compression") === "1" &&
    /\bgzip\b/.test(String(req.headers["accept-encoding"] ?? ""))
  );
}

/** What is to be run. VALUES in the text are SQL to the engine; what follows any other FORMAT, and every body, is rows. */
async function statement(
  text: string,
  rows: Readable | null,
  spool: string,
): Promise<Pick<EngineRequest, "kind" | "sql" | "data">> {
  const bulk = insertWithData(text);
  if (bulk && (rows || bulk.format !== "Values")) {
    const inline = text.slice(bulk.dataFrom).replace(/^[ \t]*\r?\n?/, "");
    return { kind: "bulk", sql: text, data: await spoolRows(inline, rows, spool) };
  }
  const one = oneStatement(text);
  if (!one.ok)
    throw new EngineException(
      62,
      "SYNTAX_ERROR",
      one.reason === "empty"
        ? "Syntax error: Empty query."
        : "Syntax error (Multi-statements are not allowed): send one statement at a time.",
    );
  const words = one.tokens.map(keyword);
  // These name files of this machine; they are for ClickHouse's command line and a server refuses them too.
  if (
    words.some(
      (word, n) =>
        (word === "OUTFILE" && words[n - 1] === "INTO") || (word === "INFILE" && words[n - 1] === "FROM"),
    )
  )
    throw new EngineException(48, "NOT_IMPLEMENTED", "INTO OUTFILE and FROM INFILE are not for HTTP.");
  const first = words.find((word) => word !== null) ?? null;
  if (first === "SET")
    throw new EngineException(
      48,
      "NOT_IMPLEMENTED",
      "SET is refused: send settings with the statement they are for.",
    );
  const reads = first === "SELECT" || (first === "WITH" && !words.includes("INSERT"));
  return { kind: reads ? "select" : "other", sql: one.sql, data: null };
}

/**
 * chdb's own raw insert ends the data at the first blank line and runs the rest as SQL, so rows never travel with the
 * statement: they go to a file that the engine reads, whatever bytes they hold and however many there are.
 */
async function spoolRows(inline: string, body: Readable | null, spool: string): Promise<string> {
  const file = join(spool, `${newId()}.rows`);
  const out = createWriteStream(file, { mode: 0o600 });
  if (inline !== "") out.write(inline);
  try {
    await pipeline(body ?? Readable.from([]), out);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  return file;
}

function bodyOf(req: IncomingMessage): Readable {
  const encoding = req.headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return req;
  if (encoding === "gzip") {
    const gunzip = createGunzip();
    // A client that goes away in mid-upload must end the statement, not leave it waiting for the rest.
    req.on("error", (error) => gunzip.destroy(error));
    return req.pipe(gunzip);
  }
  throw new EngineException(415, "UNKNOWN_COMPRESSION_METHOD", `Unknown content encoding ${encoding}.`);
}

async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_SQL_BYTES)
      throw new EngineException(62, "SYNTAX_ERROR", `The statement is longer than ${MAX_SQL_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function checkedName(name: string): string {
  if (!NAME.test(name))
    throw new EngineException(36, "BAD_ARGUMENTS", `${JSON.stringify(name)} is not a name.`);
  return name;
}
