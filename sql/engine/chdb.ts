/**
 * The only file that touches chdb, and its private parts: the native addon behind `chdb/dist/loader.js`. The public classes
 * escape parameters again and offer no raw access, so the addon is called directly; package.json pins the version it was
 * written against.
 *
 * Measured on chdb 3.4.0 (engine 26.7): a connection costs 0.1 ms, so every request gets its own and nothing a request sets
 * can leak. Streams really hold back the engine when nobody fetches. Starting a stream plans the query on the calling thread.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

interface NativeResult {
  bytes?: Uint8Array;
  elapsed: number;
  rowsRead?: number;
  bytesRead?: number;
}
interface NativeChunk {
  done: boolean;
  bytes: Uint8Array;
}
type Handle = { readonly native: unique symbol };
interface NativeAddon {
  CreateConnection(path: string, args?: string[]): Handle | undefined;
  CloseConnection(connection: Handle): void;
  QueryAsyncConnection(
    connection: Handle,
    sql: string,
    format: string,
    params: object,
  ): Promise<NativeResult>;
  StreamQuery(connection: Handle, sql: string, format: string): Handle;
  StreamFetch(stream: Handle): Promise<NativeChunk>;
  StreamCancel(stream: Handle): void;
}

/** What a statement that ran to its end produced. */
export interface EngineResult {
  bytes: Buffer;
  readRows: number;
  readBytes: number;
}

/** One session of the engine; runs one thing at a time. */
export interface EngineConnection {
  /** Runs a text (several statements run one after the other: the caller must have checked) and keeps the whole result. */
  run(sql: string, format?: string): Promise<EngineResult>;
  /** Starts a SELECT and yields its result as it is computed; the engine waits while nobody asks. */
  stream(sql: string, format: string): AsyncGenerator<Buffer, void, undefined>;
  /** Must not be called while something runs on it: that aborts the whole engine. */
  close(): void;
}

export interface EngineDatabase {
  /** @param ahead not kept waiting by other statements: for KILL QUERY */
  connect(ahead?: boolean): EngineConnection;
  close(): void;
}

/** Threads for native calls (libuv's pool); the engine process is started with this many. */
export const NATIVE_THREADS = 32;
/** Native calls at once: the rest of the pool is left for files, compression and KILL QUERY. */
const NATIVE_CALLS = 24;

/**
 * Opens the database directory. One process can have it open; a second one throws (the reason is on standard error only).
 * @param backups where BACKUP may write and RESTORE may read
 * @param memoryBytes cap for everything the engine does together
 */
export function openDatabase(path: string, backups: string, memoryBytes: number): EngineDatabase {
  const require = createRequire(import.meta.url);
  const loader = join(dirname(require.resolve("chdb/package.json")), "dist", "loader.js");
  const native = (require(loader) as { loadNative(): NativeAddon }).loadNative();
  // Server settings can only be given by the first connection, which stays open and owns the engine.
  const cacheBytes = Math.floor(memoryBytes / 8);
  const anchor = native.CreateConnection(path, [
    `--max_server_memory_usage=${memoryBytes}`,
    `--mark_cache_size=${cacheBytes}`,
    `--uncompressed_cache_size=${cacheBytes}`,
    `--backups.allowed_path=${backups}`,
  ]);
  if (!anchor) throw new Error(`The engine could not open ${path}`);
  const slots = limiter(NATIVE_CALLS);
  return {
    connect: (ahead = false) => {
      const connection = native.CreateConnection(path);
      if (!connection) throw new Error("The engine refused another connection");
      return engineConnection(native, connection, ahead ? (work) => work() : slots);
    },
    close: () => native.CloseConnection(anchor),
  };
}

function engineConnection(native: NativeAddon, connection: Handle, slots: Limiter): EngineConnection {
  return {
    run: (sql, format = "Null") =>
      slots(async () => {
        const result = await native.QueryAsyncConnection(connection, sql, format, {});
        return {
          bytes: bufferOf(result.bytes),
          readRows: result.rowsRead ?? 0,
          readBytes: result.bytesRead ?? 0,
        };
      }),
    async *stream(sql, format) {
      const stream = native.StreamQuery(connection, sql, format);
      // A stream that ended or failed has released itself; cancelling it again is not allowed.
      let open = true;
      try {
        for (;;) {
          open = false;
          const chunk = await slots(() => native.StreamFetch(stream));
          if (chunk.done) return;
          open = true;
          yield bufferOf(chunk.bytes);
        }
      } finally {
        if (open) native.StreamCancel(stream);
      }
    },
    close: () => native.CloseConnection(connection),
  };
}

function bufferOf(bytes: Uint8Array | undefined): Buffer {
  return bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.alloc(0);
}

type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `limit` of the works given to it run at once; the others wait in order. */
function limiter(limit: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limit) await new Promise<void>((go) => waiting.push(go));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
