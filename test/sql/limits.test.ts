/** What the embedded engine refuses or bounds, so that one caller cannot harm the others. */
import { readdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { env } from "#core/env";
import { type EngineAddress, readAddress } from "#sql/engine/address";
import { multipartFields } from "#sql/engine/multipart";
import { openTestStore, type TestStore } from "../support/store.ts";

if (env.CLICKHOUSE_TEST_URL === undefined)
  describe("the embedded engine", () => {
    let store: TestStore;
    let address: EngineAddress;
    beforeAll(async () => {
      store = await openTestStore({ migrated: false });
      const found = readAddress(store.dataDir ?? "");
      if (!found) throw new Error("The engine wrote no address");
      address = found;
      await store.command("CREATE TABLE landed (a String) ENGINE = MergeTree ORDER BY a");
    });
    afterAll(() => store.close());

    const ask = async (sql: string, parameters: Record<string, string> = {}) => {
      const url = new URL(address.url);
      const all = { user: address.user, password: address.password, database: store.database, ...parameters };
      for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
      const answer = await fetch(url, { method: "POST", body: sql });
      return {
        status: answer.status,
        code: answer.headers.get("x-clickhouse-exception-code"),
        text: await answer.text(),
      };
    };
    const spooled = () => readdirSync(join(store.dataDir ?? "", "incoming"));

    it("gives one statement no more than a part of its memory, and the others do not notice", async () => {
      let over = false;
      const neighbour = (async () => {
        const codes = new Set<string | null>();
        while (!over) codes.add((await ask("SELECT uniq(number) FROM numbers(100000)")).code);
        return [...codes];
      })();
      // The engine has 2 GB; this wants 8.
      const hungry = await ask("SELECT length(groupArray(number)) FROM numbers(1000000000)");
      over = true;
      expect(hungry.code).toBe("241");
      expect(await neighbour).toEqual([null]);
    });

    it("lets no setting raise that part", async () => {
      const hungry = "SELECT length(groupArray(number)) FROM numbers(1000000000)";
      for (const max_memory_usage of ["0", "100000000000"])
        expect(await ask(hungry, { max_memory_usage })).toMatchObject({ code: "241" });
    });

    it("keeps no result whole that is larger than it should be", async () => {
      const large = "SELECT concat(toString(number), repeat('x', 1000)) AS filler FROM numbers(1000000)";
      expect(await ask(large, { wait_end_of_query: "1" })).toMatchObject({ code: "396" });
      expect(await ask(large, { default_format: "JSON" })).toMatchObject({ code: "396" });
    });

    it("refuses SET, sessions, empty statements and names that are none", async () => {
      expect(await ask("SET max_threads = 1")).toMatchObject({ code: "48" });
      expect(await ask(" set readonly = 0 ;")).toMatchObject({ code: "48" });
      expect(await ask("SELECT 1", { session_id: "x" })).toMatchObject({ code: "48" });
      expect(await ask(" -- nothing\n;")).toMatchObject({ code: "62", status: 400 });
      expect(await ask("SELECT 1", { "max_threads = 1, readonly": "1" })).toMatchObject({ code: "36" });
      expect(await ask("SELECT 1", { "param_a = 1, readonly": "1" })).toMatchObject({ code: "36" });
      expect(await ask("SELECT 1", { query_id: "a\r\nX-Injected: 1" })).toMatchObject({ code: "36" });
    });

    it("reads by GET and does not write by it", async () => {
      const get = (query: string) =>
        fetch(
          `${address.url}/?${new URLSearchParams({ query, user: address.user, password: address.password })}`,
        );
      expect(await (await get("SELECT 1 + 1")).text()).toBe("2\n");
      const drop = await get(`DROP TABLE ${store.database}.landed`);
      expect(drop.headers.get("x-clickhouse-exception-code")).toBe("164");
    });

    it("stores nothing of an upload that breaks off, and keeps nothing of it", async () => {
      const query = new URLSearchParams({ query: `INSERT INTO ${store.database}.landed FORMAT JSONEachRow` });
      const upload = request(`${address.url}/?${query}`, {
        method: "POST",
        auth: `${address.user}:${address.password}`,
        headers: { "content-length": "1000000" },
      });
      const broken = new Promise((resolve) => upload.on("error", resolve));
      upload.write('{"a":"never"}\n'.repeat(1000));
      await vi.waitFor(() => expect(spooled().length).toBe(1));
      upload.destroy();
      await broken;
      await vi.waitFor(() => expect(spooled()).toEqual([]));
      expect((await ask("SELECT count() FROM landed")).text).toBe("0\n");
    });

    it("keeps no uploaded rows once they are stored or refused", async () => {
      await ask('INSERT INTO landed FORMAT JSONEachRow {"a":"x"}');
      await ask('INSERT INTO landed FORMAT JSONEachRow {"a":');
      // The answer may come a moment before the file has gone.
      await expect.poll(spooled).toEqual([]);
    });

    it("answers a damaged request with an error and goes on", async () => {
      const headers = {
        "content-encoding": "gzip",
        "X-ClickHouse-User": address.user,
        "X-ClickHouse-Key": address.password,
      };
      const damaged = await fetch(address.url, { method: "POST", body: "not gzip at all", headers });
      expect(damaged.status).toBe(500);
      const unknown = await fetch(address.url, {
        method: "POST",
        body: "x",
        headers: { ...headers, "content-encoding": "br" },
      });
      expect(unknown.headers.get("x-clickhouse-exception-code")).toBe("415");
      expect((await ask("SELECT 1")).text).toBe("1\n");
    });

    it("serves many readers of slow results at once and still answers quickly asked things", async () => {
      const client = createClient({
        url: address.url,
        username: address.user,
        password: address.password,
        max_open_connections: 60,
        log: { level: ClickHouseLogLevel.OFF },
      });
      const open = await Promise.all(
        Array.from({ length: 40 }, () =>
          client.query({
            query: "SELECT number, repeat('y', 200) AS filler FROM system.numbers",
            format: "JSONEachRow",
          }),
        ),
      );
      expect((await ask("SELECT 1")).text).toBe("1\n");
      for (const result of open) result.close();
      await client.close();
      await vi.waitFor(
        async () => expect((await ask("SELECT count() FROM system.processes")).text).toBe("1\n"),
        {
          timeout: 20_000,
        },
      );
    });
  });

describe("form data", () => {
  it("are read part by part, whatever their values hold", () => {
    const body =
      '--b\r\nContent-Disposition: form-data; name="query"\r\n\r\nSELECT\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name="param_x"\r\n\r\n--a€\r\n--b--\r\n';
    expect(multipartFields(body, "multipart/form-data; boundary=b")).toEqual([
      ["query", "SELECT\r\n\r\n1"],
      ["param_x", "--a€"],
    ]);
  });

  it("that are cut off or nameless are refused", () => {
    expect(() => multipartFields("--b\r\nname", "multipart/form-data; boundary=b")).toThrow("too early");
    expect(() => multipartFields("--b\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b")).toThrow(
      "no name",
    );
    expect(() => multipartFields("", "multipart/form-data")).toThrow("no boundary");
  });
});
