/**
 * The one way to the database, and the only importer of @clickhouse/client: a ClickHouse server when CLICKHOUSE_URL names one, the
 * embedded engine otherwise. Parameters, rows and inserts are checked against their zod schemas here.
 *
 * An embedded engine that has died is started again by the next call. A read that it died under is repeated once; a statement that
 * may have written is not, and its caller gets a TransientError with code `store.engine-lost`.
 */
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { env } from "#core/env";
import { InvariantError } from "#core/errors";
import { type EngineLease, leaseEngine } from "./engine/start.ts";
import { bindParameters, type Query, type Table } from "./query.ts";
import { placeholders } from "./statement.ts";
import { storeError } from "./store-error.ts";

export interface Store {
  /** All rows. Throws TransientError when the database cannot be reached, InvariantError when SQL and types disagree. */
  query<P, R>(q: Query<P, R>, params: P, options?: { signal?: AbortSignal }): Promise<R[]>;
  /** The rows one by one, for results of any size: the database waits for the reader. Leaving the loop cancels the query. */
  stream<P, R>(q: Query<P, R>, params: P, options?: { signal?: AbortSignal }): AsyncIterable<R>;
  /** Stores the rows in batches of 10,000; each batch is stored whole or not at all. */
  insert<R>(table: Table<R>, rows: readonly R[]): Promise<void>;
  /** One statement: migrations and INSERT … SELECT only. `params` are its `{name:Type}` placeholders; Instants and booleans may be given as such. */
  command(sql: string, params?: Record<string, unknown>, options?: { signal?: AbortSignal }): Promise<void>;
  readonly database: string;
  /** Whether this is the embedded engine or a server. */
  readonly embedded: boolean;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** A ClickHouse server. The embedded engine on `dataDir` when left out. */
  url?: string;
  user?: string;
  password?: string;
  database?: string;
  dataDir?: string;
  /** Memory the embedded engine may use, when this call starts it. */
  memoryBytes?: number;
}

const BATCH_ROWS = 10_000;
const STATEMENT_SECONDS = 3_600;

interface Connection {
  client: ClickHouseClient;
  lease: EngineLease | null;
}

/** Opens the store and creates the database when it is not there. Defaults come from the environment. */
export async function openStore(options: StoreOptions = {}): Promise<Store> {
  const url = options.url ?? (options.dataDir === undefined ? env.CLICKHOUSE_URL : undefined);
  const database = options.database ?? env.CLICKHOUSE_DATABASE;
  const user = options.user ?? env.CLICKHOUSE_USER;
  const password = options.password ?? env.CLICKHOUSE_PASSWORD;
  const dataDir = options.dataDir ?? env.PLUMBLINE_DATA;
  const memoryBytes = options.memoryBytes ?? env.PLUMBLINE_ENGINE_MEMORY;

  const connect = async (): Promise<Connection> => {
    if (url !== undefined) {
      await createDatabase(url, user, password, database, "");
      return { client: clientFor(url, user, password, database), lease: null };
    }
    const lease = await leaseEngine({ dataDir, memoryBytes });
    const at = lease.address;
    // The `default` database of the embedded engine is an overlay without refreshable views.
    await createDatabase(at.url, at.user, at.password, database, "ENGINE = Atomic");
    return { client: clientFor(at.url, at.user, at.password, database), lease };
  };

  let closed = false;
  let connection = await connect();
  let reconnecting: Promise<Connection> | null = null;

  /** The connection, renewed when the engine behind it has gone. */
  const current = async (): Promise<Connection> => {
    if (closed) throw new InvariantError("store.closed", "The store was used after it was closed");
    if (connection.lease === null || connection.lease.alive) return connection;
    reconnecting ??= connect()
      .then((next) => {
        void connection.client.close();
        connection = next;
        return next;
      })
      .finally(() => {
        reconnecting = null;
      });
    return reconnecting;
  };

  /** Runs the work; errors come out as AppErrors. `repeat` says that doing it twice is harmless. */
  const attempt = async <T>(
    what: string,
    repeat: boolean,
    work: (client: ClickHouseClient) => Promise<T>,
  ): Promise<T> => {
    for (let tries = 0; ; tries++) {
      const { client, lease } = await current();
      try {
        return await work(client);
      } catch (cause) {
        const error = storeError(cause, what, lease !== null);
        const unreached = error.context.reached === false;
        if (lease === null || tries > 0 || error.code !== "store.engine-lost" || !(repeat || unreached))
          throw error;
        // The kernel may report the refused connection before the lost lease.
        lease.release();
        await lease.ended;
      }
    }
  };

  return {
    database,
    embedded: url === undefined,
    query: (q, params, { signal } = {}) =>
      attempt(q.name, true, async (client) => {
        const result = await client.query({
          query: q.sql,
          query_params: q.bind(params),
          format: "JSONEachRow",
          // A result that is kept whole anyway is computed before it is sent, so that a late error is an error.
          clickhouse_settings: { wait_end_of_query: 1 },
          ...(signal ? { abort_signal: signal } : {}),
        });
        return (await result.json()).map((row) => q.read(row));
      }),
    async *stream(q, params, { signal } = {}) {
      const result = await attempt(q.name, true, (client) =>
        client.query({
          query: q.sql,
          query_params: q.bind(params),
          format: "JSONEachRow",
          ...(signal ? { abort_signal: signal } : {}),
        }),
      );
      try {
        for await (const rows of result.stream()) for (const row of rows) yield q.read(row.json());
      } catch (cause) {
        throw storeError(cause, q.name, connection.lease !== null);
      } finally {
        result.close();
      }
    },
    async insert(table, rows) {
      for (let from = 0; from < rows.length; from += BATCH_ROWS) {
        const values = rows.slice(from, from + BATCH_ROWS).map((row) => table.write(row));
        await attempt(table.name, false, (client) =>
          client.insert({ table: table.name, values, format: "JSONEachRow" }),
        );
      }
    },
    async command(sql, params = {}, { signal } = {}) {
      const query_params = bindParameters(placeholders(sql), params);
      await attempt("command", false, (client) =>
        client.command({ query: sql, query_params, ...(signal ? { abort_signal: signal } : {}) }),
      );
    },
    async ping() {
      await attempt("ping", true, async (client) => {
        const answer = await client.ping({ select: true });
        if (!answer.success) throw answer.error;
      });
    },
    async close() {
      closed = true;
      await connection.client.close();
      connection.lease?.release();
    },
  };
}

function clientFor(url: string, user: string, password: string, database?: string): ClickHouseClient {
  return createClient({
    url,
    username: user,
    password,
    ...(database === undefined ? {} : { database }),
    application: "plumbline",
    request_timeout: (STATEMENT_SECONDS + 60) * 1000,
    max_open_connections: 20,
    use_multipart_params_auto: true,
    // Errors reach the caller; logging them here too would say everything twice.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      output_format_json_quote_decimals: 1,
      output_format_json_quote_64bit_integers: 1,
      date_time_input_format: "best_effort",
      input_format_skip_unknown_fields: 0,
      max_execution_time: STATEMENT_SECONDS,
      // Keeps a proxy in front of a server from hanging up on a long statement.
      send_progress_in_http_headers: 1,
      http_headers_progress_interval_ms: "110000",
    },
  });
}

async function createDatabase(
  url: string,
  user: string,
  password: string,
  database: string,
  engine: string,
): Promise<void> {
  const client = clientFor(url, user, password);
  try {
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS \`${database}\` ${engine}` });
  } catch (cause) {
    throw storeError(cause, "create database", engine !== "");
  } finally {
    await client.close();
  }
}
