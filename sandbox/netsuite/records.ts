/** The record API: which call on which address does what, and what is answered. */
import type { HttpReply, HttpRequest } from "../http-server.ts";
import type { Account, Entry, View } from "./account.ts";
import { membersOf, parseBody } from "./record-body.ts";
import type { RecordType } from "./record-field.ts";
import {
  notFound,
  RECORD_PATH,
  type ReadContext,
  recordUrl,
  renderCatalog,
  renderCollection,
  renderRecord,
  renderSublist,
} from "./record-read.ts";
import { checkDelete, checkSave, withDefaults, withDerived } from "./record-rules.ts";
import { restRecordType } from "./record-types.ts";
import { noSuchRecord, userError, VendorRefusal } from "./vendor-error.ts";

/** Answers everything under `/services/rest/record/v1`. Throws the vendor's refusals. */
export function createRecords(account: Account): (request: HttpRequest, baseUrl: string) => HttpReply {
  return (request, baseUrl) => {
    const segments = request.path
      .slice(RECORD_PATH.length)
      .split("/")
      .filter((s) => s !== "")
      .map(decoded);
    const [name, id, sub] = segments;
    const view = account.view();
    const context: ReadContext = { account, view, baseUrl };
    if (name === undefined || segments.length > 3) throw notFound(request.path);
    if (name.toLowerCase() === "metadata-catalog") {
      allow(request, "GET");
      return { status: 200, body: renderCatalog(baseUrl, id === undefined ? null : typeNamed(id)) };
    }
    const type = typeNamed(name);
    if (id === undefined) return onCollection(request, context, type);
    if (sub !== undefined) {
      allow(request, "GET");
      if (sub !== type.sublist?.member) throw notFound(request.path);
      return { status: 200, body: renderSublist(context, type, found(view, type, id).row) };
    }
    return onRecord(request, context, type, id);
  };

  function onCollection(request: HttpRequest, context: ReadContext, type: RecordType): HttpReply {
    allow(request, "GET", "POST");
    if (request.method === "GET")
      return { status: 200, body: renderCollection(context, type, request.query) };
    return saved(context.baseUrl, type, save(request, context.view, type, null, null));
  }

  function onRecord(request: HttpRequest, context: ReadContext, type: RecordType, id: string): HttpReply {
    const { view, baseUrl } = context;
    const externalId = id.startsWith("eid:") ? id.slice(4) : null;
    allow(request, "GET", "PATCH", "DELETE", ...(externalId === null ? [] : ["PUT"]));
    if (request.method === "PUT" && externalId !== null) {
      const known = view.byExternalId(type.name, externalId) ?? null;
      return saved(baseUrl, type, save(request, view, type, known, externalId));
    }
    const entry = found(view, type, id);
    if (request.method === "GET")
      return { status: 200, body: renderRecord(context, type, entry.row, request.query) };
    if (request.method === "PATCH") return saved(baseUrl, type, save(request, view, type, entry, null));
    remove(view, type, entry);
    return { status: 204 };
  }

  function save(
    request: HttpRequest,
    view: View,
    type: RecordType,
    entry: Entry | null,
    externalId: string | null,
  ): string {
    mayWrite(type);
    refuseAsync(request);
    const before = entry?.row ?? null;
    const given = membersOf(type, parseBody(request.body), before, {
      view,
      nameValidation: header(request, "x-netsuite-propertynamevalidation"),
      replace: (request.query.get("replace") ?? "").split(","),
    });
    if (externalId !== null) given.externalId = externalId;
    const today = new Date(account.zone.wallOf(account.clock.now())).toISOString().slice(0, 10);
    const changes = before === null ? withDefaults(type, given, view, today) : given;
    const after = withDerived(type, changes, { ...before, ...changes });
    checkSave(type, before, after, view);
    checkExternalId(view, type, before, after.externalId);
    if (before !== null) refuseStale(view, type, String(before.id));
    // The account sets its own stamps; the rest is written as it now stands, derived members included.
    const { id: _id, lastModifiedDate: _modified, dateCreated: _a, createdDate: _b, ...members } = after;
    return account.write(type.name, before === null ? null : String(before.id), members, mark());
  }

  function remove(view: View, type: RecordType, entry: Entry): void {
    mayWrite(type);
    refuseStale(view, type, String(entry.row.id));
    checkDelete(type, entry.row, view);
    account.remove(type.name, String(entry.row.id), mark());
  }

  function mark() {
    return { at: account.clock.now(), by: account.integrationUser };
  }
}

function checkExternalId(
  view: View,
  type: RecordType,
  before: { [k: string]: unknown } | null,
  wanted: unknown,
): void {
  if (typeof wanted !== "string" || before?.externalId === wanted) return;
  const owner = view.externalIdOwner(type.name, wanted);
  if (owner === null || owner === before?.id) return;
  if (view.entry(type.name, owner) === undefined) throw changedMeanwhile();
  throw userError(`This record already exists: ${type.name} with external ID ${wanted}.`, "DUP_RCRD");
}

function refuseStale(view: View, type: RecordType, id: string): void {
  if (view.isBeingChanged(type.name, id)) throw changedMeanwhile();
}

const changedMeanwhile = (): VendorRefusal => userError("Record has been changed.", "RCRD_HAS_BEEN_CHANGED");

function mayWrite(type: RecordType): void {
  if (type.rest === "full") return;
  throw new VendorRefusal(
    403,
    "INSUFFICIENT_PERMISSION",
    `Permission Violation: the role of this integration may only view ${type.name} records.`,
  );
}

function refuseAsync(request: HttpRequest): void {
  if (!/respond-async/i.test(header(request, "prefer") ?? "")) return;
  throw new VendorRefusal(
    400,
    "INVALID_HEADER",
    "Asynchronous execution is not available to this integration.",
    {
      "o:errorHeader": "Prefer",
    },
  );
}

function typeNamed(name: string): RecordType {
  const type = restRecordType(name);
  if (type === null) throw notFound(`Record type '${name}' does not exist`);
  return type;
}

function found(view: View, type: RecordType, id: string): Entry {
  const entry = id.startsWith("eid:") ? view.byExternalId(type.name, id.slice(4)) : view.entry(type.name, id);
  if (entry === undefined) throw noSuchRecord();
  return entry;
}

function saved(baseUrl: string, type: RecordType, id: string): HttpReply {
  return { status: 204, headers: { location: recordUrl(baseUrl, type, id) } };
}

function allow(request: HttpRequest, ...methods: string[]): void {
  if (methods.includes(request.method)) return;
  throw new VendorRefusal(
    405,
    "METHOD_NOT_ALLOWED",
    `${request.method} is not supported for this resource.`,
    null,
    {
      allow: methods.join(", "),
    },
  );
}

function header(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound(segment);
  }
}
