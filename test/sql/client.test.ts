/** Runs the client suite against the embedded engine, and against the server that CLICKHOUSE_TEST_URL names. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { env } from "#core/env";
import { type EngineLease, leaseEngine, stopEngine } from "#sql/engine/start";
import { behaviours, type SuiteContext } from "./client-suite.ts";

interface Target {
  url: string;
  username: string;
  password: string;
}

function runSuite(open: () => Promise<Target>, close: () => Promise<void>, embedded: boolean): void {
  let client: ClickHouseClient;
  let connect: SuiteContext["connect"];
  const database = `suite_${process.pid}`;

  beforeAll(async () => {
    const target = await open();
    const log = { level: ClickHouseLogLevel.OFF };
    const first = createClient({ ...target, log });
    await first.command({ query: `CREATE DATABASE \`${database}\` ${embedded ? "ENGINE = Atomic" : ""}` });
    await first.close();
    connect = (options) => createClient({ ...target, database, log, request_timeout: 60_000, ...options });
    client = connect();
  });
  afterAll(async () => {
    await client.command({ query: `DROP DATABASE \`${database}\`` });
    await client.close();
    await close();
  });

  it.each(behaviours.map((b, n) => ({ ...b, table: `behaviour_${n}` })))("$name", ({ run, table }) =>
    run({ client, connect, table, embedded }),
  );
}

describe("the embedded engine, to an unmodified client", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-test-"));
  let lease: EngineLease;
  runSuite(
    async () => {
      lease = await leaseEngine({ dataDir, memoryBytes: 1_500_000_000 });
      const { url, user, password } = lease.address;
      return { url, username: user, password };
    },
    async () => {
      lease.release();
      await stopEngine(lease.address);
      rmSync(dataDir, { recursive: true, force: true });
    },
    true,
  );
});

if (env.CLICKHOUSE_TEST_URL !== undefined) {
  const url = env.CLICKHOUSE_TEST_URL;
  describe("a ClickHouse server, to the same client", () => {
    runSuite(
      async () => ({ url, username: env.CLICKHOUSE_USER, password: env.CLICKHOUSE_PASSWORD }),
      async () => undefined,
      false,
    );
  });
}

it("asks at least forty things of the engine", () => {
  expect(behaviours.length).toBeGreaterThanOrEqual(40);
});
