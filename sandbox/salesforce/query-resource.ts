/** The query resources: a first page, and further pages by a locator that lives two days. */
import { randomBytes } from "node:crypto";
import type { HttpReply, HttpRequest } from "#sandbox/http-server";
import { withSuffix } from "./ids.ts";
import type { Org } from "./org.ts";
import { type QueryRun, runQuery } from "./soql/run.ts";
import { badRequest } from "./vendor-error.ts";

const LOCATOR_LIFE_MS = 2 * 86_400_000;
const SMALLEST_BATCH = 200;

export interface QueryResource {
  first(request: HttpRequest, version: string, includeDeleted: boolean): HttpReply;
  next(locator: string, version: string): HttpReply;
}

interface Cursor {
  run: QueryRun;
  pageSize: number;
  until: number;
}

export function createQueryResource(org: Org): QueryResource {
  const cursors = new Map<string, Cursor>();

  function page(locator: string | null, cursor: Cursor, from: number, version: string): HttpReply {
    const to = from + cursor.pageSize;
    const { totalSize } = cursor.run;
    const records = cursor.run.page(from, to);
    if (to >= totalSize || locator === null) return { status: 200, body: { totalSize, done: true, records } };
    const nextRecordsUrl = `/services/data/${version}/query/${locator}-${to}`;
    return { status: 200, body: { totalSize, done: false, nextRecordsUrl, records } };
  }

  return {
    first(request, version, includeDeleted) {
      const soql = request.query.get("q");
      if (soql === null || soql.trim() === "")
        throw badRequest("MALFORMED_QUERY", "A query string has to be specified");
      const run = runQuery(org, soql, { version, includeDeleted });
      const now = org.clock.now();
      const cursor = { run, pageSize: pageSize(org, request), until: now + LOCATOR_LIFE_MS };
      if (run.totalSize <= cursor.pageSize) return page(null, cursor, 0, version);
      for (const [old, c] of cursors) if (c.until <= now) cursors.delete(old);
      const locator = withSuffix(`0r8${randomBytes(6).toString("hex")}`);
      cursors.set(locator, cursor);
      return page(locator, cursor, 0, version);
    },
    next(text, version) {
      const [, locator, from] = /^(0r8[0-9A-Za-z]{15})-(\d+)$/.exec(text) ?? [];
      const cursor = locator === undefined ? undefined : cursors.get(locator);
      if (locator === undefined || cursor === undefined || cursor.until <= org.clock.now()) {
        throw badRequest("INVALID_QUERY_LOCATOR", "invalid query locator");
      }
      return page(locator, cursor, Number(from), version);
    },
  };
}

/** The caller may ask for smaller pages than the org's, never for larger ones. */
function pageSize(org: Org, request: HttpRequest): number {
  const asked = /batchSize\s*=\s*(\d+)/i.exec(String(request.headers["sforce-query-options"] ?? ""))?.[1];
  if (asked === undefined) return org.settings.pageSize;
  return Math.min(Math.max(Number(asked), SMALLEST_BATCH), org.settings.pageSize);
}
