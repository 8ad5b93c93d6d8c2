/** The org over HTTP: which resource answers which path, who may call it, and the headers every answer carries. */
import type { HttpFaults } from "#sandbox/http-faults";
import { type HttpReply, type HttpRequest, startVendorServer } from "#sandbox/http-server";
import { collection, retrieveCollection, upsertCollection } from "./collections.ts";
import { describeGlobal, describeObject } from "./describe.ts";
import type { Org } from "./org.ts";
import { createQueryResource } from "./query-resource.ts";
import { deletedRows, updated } from "./replication.ts";
import { createRequestQuota } from "./request-quota.ts";
import { createRow, keyResource, methodNotAllowed, rowResource } from "./row-resource.ts";
import type { Table } from "./table.ts";
import { createTokens } from "./tokens.ts";
import {
  badRequest,
  invalidSession,
  limitExceeded,
  notFound,
  serverError,
  VendorError,
} from "./vendor-error.ts";

export interface SalesforceServer {
  /** The My Domain host: log in here, and call here. */
  url: string;
  faults: HttpFaults;
  /** Ends every session: the next call with an old token answers INVALID_SESSION_ID. */
  revokeTokens(): void;
  close(): Promise<void>;
}

const OLDEST_VERSION = 56;
const NEWEST_VERSION = 68;

/** Starts the org on loopback; port 0 (default) takes a free one. */
export async function startSalesforce(
  org: Org,
  options: { port?: number; faults?: HttpFaults } = {},
): Promise<SalesforceServer> {
  const tokens = createTokens(org);
  const quota = createRequestQuota(org.clock, org.settings.dailyRequests);
  const queries = createQueryResource(org);
  let url = "";

  function handle(request: HttpRequest): HttpReply {
    try {
      return answer(request);
    } catch (error) {
      if (error instanceof VendorError) return error.reply();
      throw error;
    }
  }

  function answer(request: HttpRequest): HttpReply {
    if (request.path === "/services/oauth2/token" || request.path === "/services/oauth2/revoke") {
      if (request.method !== "POST") throw methodNotAllowed(request, "POST");
      const form = new URLSearchParams(request.body);
      return request.path.endsWith("token") ? tokens.issue(form, url) : tokens.revoke(form);
    }
    if (/^\/services\/data\/?$/.test(request.path)) return { status: 200, body: versions() };
    const reply = authorized(request);
    const usage = `api-usage=${quota.used()}/${org.settings.dailyRequests}`;
    return { ...reply, headers: { ...reply.headers, "sforce-limit-info": usage } };
  }

  function authorized(request: HttpRequest): HttpReply {
    if (!tokens.accepts(request.headers.authorization)) return invalidSession().reply();
    if (!quota.take()) return limitExceeded().reply();
    try {
      return route(request);
    } catch (error) {
      if (error instanceof VendorError) return error.reply();
      throw error;
    }
  }

  function route(request: HttpRequest): HttpReply {
    const [, version, rest] = /^\/services\/data\/(v\d+\.0)(?:\/(.*))?$/.exec(request.path) ?? [];
    if (version === undefined || !isServed(version)) throw notFound();
    const path = (rest ?? "")
      .split("/")
      .filter((part) => part !== "")
      .map(segment);
    if (["POST", "PATCH", "PUT"].includes(request.method)) refuseOtherMedia(request);
    const [resource, a, b, c] = path;
    switch (resource) {
      case undefined:
        return { status: 200, body: resources(version) };
      case "query":
      case "queryAll":
        if (request.method !== "GET") throw methodNotAllowed(request, "GET,HEAD");
        if (a !== undefined) return queries.next(a, version);
        return queries.first(request, version, resource === "queryAll");
      case "limits":
        return { status: 200, body: limits() };
      case "sobjects":
        return sobjects(request, version, path.slice(1));
      case "composite": {
        if (a !== "sobjects") throw notFound();
        if (b === undefined) return collection(org, request);
        const table = tableNamed(b);
        return c === undefined
          ? retrieveCollection(org, table, request, version)
          : upsertCollection(org, table, c, request);
      }
      default:
        throw notFound();
    }
  }

  function sobjects(request: HttpRequest, version: string, path: readonly string[]): HttpReply {
    const [name, second, ...more] = path;
    if (name === undefined) return { status: 200, body: describeGlobal(org, version) };
    const table = tableNamed(name);
    if (second === undefined) {
      if (request.method === "POST") return createRow(org, table, request, version);
      if (request.method !== "GET") throw methodNotAllowed(request, "GET,POST,HEAD");
      return { status: 200, body: { objectDescribe: describeGlobalOf(name, version), recentItems: [] } };
    }
    if (more.length === 0) {
      if (request.method === "GET" && second === "describe") {
        return { status: 200, body: describeObject(org, table, version) };
      }
      if (request.method === "GET" && second === "updated") return updated(org, table, request);
      if (request.method === "GET" && second === "deleted") return deletedRows(org, table, request);
      return rowResource(org, table, second, request, version);
    }
    const [value] = more;
    if (value === undefined || more.length > 1) throw notFound();
    return keyResource(org, table, { field: second, value }, request, version);
  }

  function describeGlobalOf(name: string, version: string): unknown {
    const { sobjects: all } = describeGlobal(org, version) as { sobjects: { name: string }[] };
    return all.find((s) => s.name.toLowerCase() === name.toLowerCase());
  }

  function tableNamed(name: string): Table {
    const table = org.table(name);
    if (table === undefined) throw notFound();
    return table;
  }

  function limits() {
    const max = org.settings.dailyRequests;
    return {
      DailyApiRequests: { Max: max, Remaining: max - quota.used() },
      DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 },
      DataStorageMB: { Max: 1024, Remaining: 1000 },
    };
  }

  const server = await startVendorServer({
    clock: org.clock,
    rowsField: "records",
    words: {
      unauthorized: () => invalidSession().reply(),
      tooManyRequests: () => limitExceeded().reply(),
      serverError: (status) => serverError(status).reply(),
    },
    handle,
    ...options,
  });
  url = server.url;
  return { url, faults: server.faults, revokeTokens: tokens.revokeAll, close: server.close };
}

function isServed(version: string): boolean {
  const number = Number(version.slice(1));
  return number >= OLDEST_VERSION && number <= NEWEST_VERSION;
}

function versions() {
  return Array.from({ length: NEWEST_VERSION - OLDEST_VERSION + 1 }, (_, i) => ({
    label: `Release ${OLDEST_VERSION + i}`,
    url: `/services/data/v${OLDEST_VERSION + i}.0`,
    version: `${OLDEST_VERSION + i}.0`,
  }));
}

function resources(version: string) {
  return Object.fromEntries(
    ["sobjects", "query", "queryAll", "limits", "composite"].map((name) => [
      name,
      `/services/data/${version}/${name}`,
    ]),
  );
}

function segment(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest("MALFORMED_URL", `Not a valid path segment: ${part}`);
  }
}

function refuseOtherMedia(request: HttpRequest): void {
  const type = request.headers["content-type"] ?? "";
  if (request.body !== "" && !/^application\/json\b/i.test(type)) {
    throw new VendorError(415, {
      errorCode: "UNSUPPORTED_MEDIA_TYPE",
      message: "Content Type not supported. See documentation for a list of supported types.",
    });
  }
}
