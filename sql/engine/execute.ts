/**
 * Runs one request on a connection of its own: database, settings and parameters are set on that connection and die with it, so
 * nothing leaks into another request and parameterised statements need no lock. A request whose client has gone is killed.
 */
import { setTimeout as delay } from "node:timers/promises";
import { newId } from "#core/ids";
import { formatClause, insertWithData } from "../statement.ts";
import type { EngineConnection, EngineDatabase } from "./chdb.ts";
import type { EngineRequest } from "./request.ts";

export interface EngineReply {
  /** The output format, `null` when there is nothing to show. */
  format: string;
  /** ClickHouse's summary header. */
  summary: Record<string, string>;
  body: AsyncIterable<Buffer>;
}

export interface Executor {
  /** Resolves when the first bytes are there (or it has all ended); `gone` aborts when the client has left. */
  execute(request: EngineRequest, gone: AbortSignal): Promise<EngineReply>;
  /** Statements being run now. */
  running(): number;
  /** Cancels everything and waits for it to end, at most `ms`; false when something is still running. */
  stop(ms: number): Promise<boolean>;
}

/**
 * Formats whose blocks can be sent one after the other. The engine's streams write every block as a document of its own, so
 * formats with a header or a frame (JSON, CSVWithNames, Parquet) are kept whole.
 */
const STREAMED = new Set([
  "JSONEachRow",
  "JSONEachRowWithProgress",
  "JSONStringsEachRow",
  "JSONCompactEachRow",
  "JSONCompactStringsEachRow",
  "NDJSON",
  "JSONLines",
  "CSV",
  "TSV",
  "TabSeparated",
  "TSVRaw",
  "TabSeparatedRaw",
  "TSKV",
  "LineAsString",
  "RowBinary",
  "Native",
]);

/**
 * Results that are kept whole may be as large as this part of the engine's memory; streams have no limit. While one grows the
 * engine holds about four times as much of it.
 */
const BUFFERED_PART = 1 / 16;

/** @param memoryBytes the engine's cap; one statement may use six tenths of it, and spills to disk from a quarter on */
export function createExecutor(database: EngineDatabase, memoryBytes: number): Executor {
  const admin = database.connect(true);
  const open = new Set<{ kill(): void; ended: Promise<void> }>();

  const kill = async (tag: string, ended: () => boolean) => {
    // A statement can be killed only once the engine has registered it, hence the loop.
    while (!ended()) {
      await admin.run(`KILL QUERY WHERE Settings['log_comment'] = ${literal(tag)}`).catch(() => undefined);
      await delay(25);
    }
  };

  const execute = async (request: EngineRequest, gone: AbortSignal): Promise<EngineReply> => {
    const tag = `${request.queryId}/${newId()}`;
    const connection = database.connect();
    let done: () => void = () => undefined;
    let over = false;
    const entry = {
      kill: () => void kill(tag, () => over),
      ended: new Promise<void>((resolve) => (done = resolve)),
    };
    const finish = () => {
      if (over) return;
      over = true;
      gone.removeEventListener("abort", entry.kill);
      connection.close();
      open.delete(entry);
      done();
    };
    open.add(entry);
    gone.addEventListener("abort", entry.kill);
    if (gone.aborted) entry.kill();
    try {
      await prepare(connection, request, tag, memoryBytes);
      if (streams(request)) return await startStream(connection, request, finish);
      const started = process.hrtime.bigint();
      const result = await connection.run(
        request.kind === "bulk" ? bulkInsert(request) : request.sql,
        request.format,
      );
      finish();
      return {
        format: outputFormat(request),
        summary: summary({
          read_rows: result.readRows,
          read_bytes: result.readBytes,
          written_rows: request.kind === "bulk" ? result.readRows : 0,
          written_bytes: request.kind === "bulk" ? result.readBytes : 0,
          result_bytes: result.bytes.length,
          elapsed_ns: Number(process.hrtime.bigint() - started),
        }),
        body: one(result.bytes),
      };
    } catch (error) {
      finish();
      throw error;
    }
  };

  return {
    execute,
    running: () => open.size,
    async stop(ms) {
      for (const { kill } of open) kill();
      const all = Promise.all([...open].map(({ ended }) => ended)).then(() => true);
      const timely = await Promise.race([all, delay(ms, false)]);
      if (timely) admin.close();
      return timely;
    },
  };
}

function streams(request: EngineRequest): boolean {
  return request.kind === "select" && !request.buffered && STREAMED.has(outputFormat(request));
}

/** Puts everything a statement depends on into its connection, in one go. */
async function prepare(
  connection: EngineConnection,
  request: EngineRequest,
  tag: string,
  memoryBytes: number,
): Promise<void> {
  const perQuery = Math.floor(memoryBytes * 0.6);
  const settings = new Map<string, string>([
    ["max_bytes_before_external_group_by", String(Math.floor(memoryBytes / 4))],
    ["max_bytes_before_external_sort", String(Math.floor(memoryBytes / 4))],
    ...request.settings,
    // Rows that are acknowledged are stored; the embedded engine has nobody to share a batch with.
    ["async_insert", "0"],
    ["max_memory_usage", capped(request.settings.get("max_memory_usage"), perQuery)],
    ["log_comment", tag],
  ]);
  if (request.kind === "select" && !streams(request))
    settings.set(
      "max_result_bytes",
      capped(request.settings.get("max_result_bytes"), Math.floor(memoryBytes * BUFFERED_PART)),
    );
  // Set last: from then on the connection lets nothing be set.
  const readonly = settings.get("readonly");
  settings.delete("readonly");
  const assignments = [
    ...[...settings].map(([name, value]) => `${name} = ${literal(value)}`),
    ...[...request.params].map(([name, value]) => `param_${name} = ${literal(value)}`),
    ...(readonly === undefined ? [] : [`readonly = ${literal(readonly)}`]),
  ];
  const set = `SET ${assignments.join(", ")}`;
  const steps = [
    ...(request.database === null ? [] : [`USE ${name(request.database)}`]),
    // A list of many thousand ids is longer than the engine lets a statement be.
    ...(set.length > 200_000 ? [`SET max_query_size = ${set.length * 4}`] : []),
  ];
  for (const step of steps) await connection.run(step);
  await connection.run(set);
}

/** The number as given, or the cap when it is more, unlimited (0) or not given. */
function capped(given: string | undefined, cap: number): string {
  const wanted = Number(given ?? 0);
  return String(wanted > 0 && wanted < cap ? wanted : cap);
}

async function startStream(
  connection: EngineConnection,
  request: EngineRequest,
  finish: () => void,
): Promise<EngineReply> {
  const chunks = connection.stream(request.sql, request.format);
  const first = await chunks.next();
  async function* rest() {
    try {
      if (!first.done) yield first.value;
      yield* chunks;
    } finally {
      await chunks.return();
      finish();
    }
  }
  // With nothing to send the connection must not wait for a reader.
  if (first.done) finish();
  return { format: outputFormat(request), summary: summary({}), body: rest() };
}

/** The statement rewritten to read its rows from the file they were put in. */
function bulkInsert(request: EngineRequest): string {
  const bulk = insertWithData(request.sql);
  if (!bulk || request.data === null) throw new Error("Not an insert with rows");
  const from = `FROM INFILE ${literal(request.data)} COMPRESSION 'none'`;
  return `${bulk.head} ${from} ${bulk.settings} FORMAT ${bulk.format}`;
}

function outputFormat(request: EngineRequest): string {
  return request.kind === "bulk" ? "Null" : (formatClause(request.sql) ?? request.format);
}

function summary(known: Record<string, number>): Record<string, string> {
  const all = {
    read_rows: 0,
    read_bytes: 0,
    written_rows: 0,
    written_bytes: 0,
    total_rows_to_read: 0,
    result_rows: 0,
    result_bytes: 0,
    elapsed_ns: 0,
    ...known,
  };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, String(value)]));
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  if (bytes.length > 0) yield bytes;
}

function literal(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function name(text: string): string {
  return `\`${text.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
}
