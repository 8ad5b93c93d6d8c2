/** One record over HTTP: read, create, change, delete, and upsert by an external id. */
import type { HttpReply, HttpRequest } from "#sandbox/http-server";
import { normalId } from "./ids.ts";
import { parseBody } from "./incoming.ts";
import type { Org } from "./org.ts";
import { changeable, erase, existing, rowsByKey, save } from "./save.ts";
import type { Table } from "./table.ts";
import { badRequest, notFound, VendorError } from "./vendor-error.ts";
import { visibleFields, wireRow } from "./wire.ts";

export function createRow(org: Org, table: Table, request: HttpRequest, version: string): HttpReply {
  const id = save(org, table, null, parseBody(request.body));
  const headers = { location: `/services/data/${version}/sobjects/${table.spec.name}/${id}` };
  return { status: 201, headers, body: { id, success: true, errors: [] } };
}

export function rowResource(
  org: Org,
  table: Table,
  text: string,
  request: HttpRequest,
  version: string,
): HttpReply {
  const id = normalId(text) ?? text;
  switch (request.method) {
    case "GET":
      return readRow(org, table, id, request, version);
    case "PATCH":
      unmodifiedSince(org, table, id, request);
      save(org, table, changeable(org, table, id).id, parseBody(request.body));
      return { status: 204 };
    case "DELETE":
      erase(org, table, id);
      return { status: 204 };
    default:
      throw methodNotAllowed(request, "GET,PATCH,DELETE,HEAD");
  }
}

/** The resource of an external id value: GET reads, PATCH upserts, DELETE deletes. */
export function keyResource(
  org: Org,
  table: Table,
  key: { field: string; value: string },
  request: HttpRequest,
  version: string,
): HttpReply {
  const matches = rowsByKey(org, table, key.field, key.value);
  if (matches.length > 1) {
    // Several rows share the value: nothing is done, the caller gets to choose.
    return {
      status: 300,
      body: matches.map((m) => `/services/data/${version}/sobjects/${table.spec.name}/${m.id}`),
    };
  }
  const [match] = matches;
  switch (request.method) {
    case "GET":
      if (match === undefined) throw notFound();
      return readRow(org, table, match.id, request, version);
    case "DELETE":
      if (match === undefined) throw notFound();
      erase(org, table, match.id);
      return { status: 204 };
    case "PATCH": {
      if (match !== undefined) unmodifiedSince(org, table, match.id, request);
      const updateOnly = request.query.get("updateOnly") === "true";
      const result = upsert(org, table, key, parseBody(request.body), updateOnly);
      return { status: result.created ? 201 : 200, body: { ...result, success: true, errors: [] } };
    }
    default:
      throw methodNotAllowed(request, "GET,PATCH,DELETE,HEAD");
  }
}

/** Creates or updates the row of an external id value. Throws NOT_FOUND when it may only update and there is none. */
export function upsert(
  org: Org,
  table: Table,
  key: { field: string; value: string },
  record: Record<string, unknown>,
  updateOnly: boolean,
): { id: string; created: boolean } {
  const field = table.field(key.field);
  if (field !== undefined && Object.keys(record).some((name) => table.field(name) === field)) {
    throw badRequest("INVALID_FIELD", `The ${field.name} field should not be specified in the sobject data.`);
  }
  const [match] = rowsByKey(org, table, key.field, key.value);
  if (match !== undefined) return { id: save(org, table, match.id, record), created: false };
  if (updateOnly || field === undefined || field.type === "id") throw notFound();
  return { id: save(org, table, null, { ...record, [field.name]: key.value }), created: true };
}

function readRow(org: Org, table: Table, id: string, request: HttpRequest, version: string): HttpReply {
  org.settle();
  const row = existing(table, id).visible;
  const fields = fieldsAsked(org, table, request.query.get("fields"));
  const modified = row.LastModifiedDate ?? row.CreatedDate;
  return {
    status: 200,
    headers: typeof modified === "number" ? { "last-modified": new Date(modified).toUTCString() } : {},
    body: wireRow(org, table, row, version, fields),
  };
}

/** The fields named in a comma-separated list, or all of them. */
export function fieldsAsked(org: Org, table: Table, list: string | null) {
  const all = visibleFields(org, table);
  if (list === null) return all;
  return list.split(",").map((name) => {
    const field = all.find((f) => f.name.toLowerCase() === name.trim().toLowerCase());
    if (field === undefined) {
      throw badRequest(
        "INVALID_FIELD",
        `No such column '${name.trim()}' on sobject of type ${table.spec.name}`,
      );
    }
    return field;
  });
}

/** The vendor's compare-and-set: refuses a change when the row was modified after the date in the header. */
function unmodifiedSince(org: Org, table: Table, id: string, request: HttpRequest): void {
  const header = request.headers["if-unmodified-since"];
  if (header === undefined) return;
  const since = Date.parse(header);
  if (Number.isNaN(since))
    throw badRequest("INVALID_HEADER", "The If-Unmodified-Since header is not a valid HTTP date");
  org.settle();
  const modified = existing(table, id).visible.LastModifiedDate;
  if (typeof modified === "number" && modified > since) {
    throw new VendorError(412, {
      errorCode: "PRECONDITION_FAILED",
      message: "The requested resource has been modified since the date in the If-Unmodified-Since header",
    });
  }
}

export function methodNotAllowed(request: HttpRequest, allowed: string): VendorError {
  return new VendorError(405, {
    message: `HTTP Method '${request.method}' not allowed. Allowed are ${allowed}`,
    errorCode: "METHOD_NOT_ALLOWED",
  });
}
