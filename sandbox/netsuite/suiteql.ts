/** The SuiteQL endpoint: a transient query in, one page of text-only rows out. */
import type { HttpReply, HttpRequest } from "../http-server.ts";
import type { Account } from "./account.ts";
import { pageLinks, pageOf } from "./paging.ts";
import { type QueryResult, runSelect } from "./suiteql-query.ts";
import { badQuery, parseSuiteQl, type Select } from "./suiteql-syntax.ts";
import { createTables } from "./suiteql-tables.ts";
import type { Value } from "./suiteql-value.ts";
import { invalidContent, VendorRefusal } from "./vendor-error.ts";

export const SUITEQL_PATH = "/services/rest/query/v1/suiteql";

/** The vendor answers no query beyond this many rows. */
const MOST_ROWS = 100_000;
const KEPT_STATEMENTS = 200;
const KEPT_RESULTS = 8;

/** Answers `POST …/suiteql`; `baseUrl` is what links start with. Throws the vendor's refusals. */
export function createSuiteQl(account: Account): (request: HttpRequest, baseUrl: string) => HttpReply {
  const tables = createTables(account);
  const statements = new Map<string, Select>();
  const results = new Map<string, QueryResult>();
  const random = shuffler();

  function parsed(sql: string): Select {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const fresh = parseSuiteQl(sql);
    remember(statements, sql, fresh, KEPT_STATEMENTS);
    return fresh;
  }

  function run(sql: string, params: readonly Value[]): QueryResult {
    const select = parsed(sql);
    if (params.length !== select.params) {
      throw badQuery(
        `Search error occurred: the query has ${select.params} parameters, ${params.length} were given.`,
      );
    }
    const view = account.view();
    // Only a query whose order is settled may be kept between pages: the others must come out different each time.
    const key = JSON.stringify([view.version, sql, params]);
    const known = results.get(key);
    if (known !== undefined) return known;
    const result = runSelect(select, {
      params,
      random,
      now: account.zone.wallOf(account.clock.now()),
      table: (name) => tables(view, name),
    });
    if (result.isDetermined && !/\bsysdate\b/i.test(sql)) remember(results, key, result, KEPT_RESULTS);
    return result;
  }

  return (request, baseUrl) => {
    if (request.method !== "POST") {
      throw new VendorRefusal(405, "METHOD_NOT_ALLOWED", "SuiteQL queries are sent by POST.", null, {
        allow: "POST",
      });
    }
    if (!/\btransient\b/i.test(String(request.headers.prefer ?? ""))) {
      throw new VendorRefusal(400, "INVALID_HEADER", "Invalid value for the Prefer header. Use: transient.", {
        "o:errorHeader": "Prefer",
      });
    }
    const { q, params } = queryOf(request.body);
    const { limit, offset } = pageOf(request.query, account.pageSize);
    const result = run(q, params);
    const total = Math.min(result.tuples.length, MOST_ROWS);
    if (offset >= MOST_ROWS) {
      throw new VendorRefusal(400, "INVALID_PARAMETER", `A query returns at most ${MOST_ROWS} results.`, {
        "o:errorQueryParam": "offset",
      });
    }
    const items = result.tuples
      .slice(offset, Math.min(offset + limit, total))
      .map((t) => ({ links: [], ...result.render(t) }));
    const hasMore = offset + items.length < total;
    return {
      status: 200,
      body: {
        links: pageLinks(`${baseUrl}${SUITEQL_PATH}`, { limit, offset, total }),
        count: items.length,
        hasMore,
        items,
        offset,
        totalResults: total,
      },
    };
  };
}

function queryOf(body: string): { q: string; params: Value[] } {
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    throw invalidContent("Invalid content in the request body.", "body");
  }
  if (typeof said !== "object" || said === null || !("q" in said) || typeof said.q !== "string") {
    throw invalidContent("Missing mandatory attribute: q.", "q");
  }
  const given: unknown = "params" in said ? said.params : [];
  if (!Array.isArray(given)) throw invalidContent("The attribute params must be an array.", "params");
  return {
    q: said.q,
    params: given.map((p: unknown, i) => {
      if (p === null || p === "") return null;
      if (typeof p === "string" || typeof p === "number") return String(p);
      throw invalidContent("A query parameter must be text or a number.", `params[${i}]`);
    }),
  };
}

function remember<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}

/** Numbers in [0, 1) for shuffling; a plain congruential generator is random enough to break a careless reader. */
function shuffler(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
