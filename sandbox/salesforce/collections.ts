/** Collections: up to 200 records in one call, answered one by one with status 200 whatever became of each. */
import type { HttpReply, HttpRequest } from "#sandbox/http-server";
import type { Row } from "#sandbox/vendor-store";
import { normalId } from "./ids.ts";
import { parseBody } from "./incoming.ts";
import type { Org } from "./org.ts";
import { fieldsAsked, methodNotAllowed, upsert } from "./row-resource.ts";
import { changeable, checkSave, erase, rowsByKey, save } from "./save.ts";
import type { Table } from "./table.ts";
import { badRequest, notFound, VendorError } from "./vendor-error.ts";
import { wireRow } from "./wire.ts";

const MOST_RECORDS = 200;
const MOST_CHUNKS = 10;

type Result = { id?: string; success: boolean; errors: unknown[]; created?: boolean };

/** One record's job: `check` throws what `run` would throw, without doing anything. */
interface Step {
  id?: string;
  check(): void;
  run(): Result;
}

/** /composite/sobjects: create (POST), update (PATCH), delete (DELETE ?ids=). */
export function collection(org: Org, request: HttpRequest): HttpReply {
  if (request.method === "DELETE") {
    const ids = (request.query.get("ids") ?? "").split(",").filter((id) => id !== "");
    refuseTooMany(ids.length);
    return answer(
      ids.map((id) => deletion(org, id)),
      request.query.get("allOrNone") === "true",
    );
  }
  if (request.method !== "POST" && request.method !== "PATCH")
    throw methodNotAllowed(request, "POST,PATCH,DELETE");
  const { records, allOrNone } = collectionBody(request);
  const types = records.map((r) => typeOf(r));
  if (types.filter((t, i) => i === 0 || t !== types[i - 1]).length > MOST_CHUNKS) {
    throw badRequest("INVALID_INPUT", `Cannot have more than ${MOST_CHUNKS} chunks in a single operation.`);
  }
  const isUpdate = request.method === "PATCH";
  return answer(
    records.map((record, i) => saving(org, tableNamed(org, types[i] ?? ""), record, isUpdate)),
    allOrNone,
  );
}

/** /composite/sobjects/X/Ext__c: upsert by an external id. */
export function upsertCollection(org: Org, table: Table, fieldName: string, request: HttpRequest): HttpReply {
  if (request.method !== "PATCH") throw methodNotAllowed(request, "PATCH");
  const { records, allOrNone } = collectionBody(request);
  const steps = records.map((record): Step => {
    const { attributes: _attributes, ...all } = record;
    const given = Object.keys(all).find((name) => name.toLowerCase() === fieldName.toLowerCase());
    const value = given === undefined ? null : all[given];
    const rest = Object.fromEntries(Object.entries(all).filter(([name]) => name !== given));
    const match = () => {
      if (typeof value !== "string" || value === "") {
        throw badRequest("MISSING_ARGUMENT", `${fieldName} not specified`, []);
      }
      const found = rowsByKey(org, table, fieldName, value);
      if (found.length > 1) {
        throw badRequest("DUPLICATE_EXTERNAL_ID", `${fieldName}: more than one record found`, [fieldName]);
      }
      return { value, id: found[0]?.id ?? null };
    };
    return {
      check: () => void checkSave(org, table, match().id, rest),
      run() {
        const done = upsert(org, table, { field: fieldName, value: match().value }, rest, false);
        return { id: done.id, success: true, errors: [], created: done.created };
      },
    };
  });
  return answer(steps, allOrNone);
}

/** /composite/sobjects/X: reads several rows by id; a row that is not there answers null in its place. */
export function retrieveCollection(org: Org, table: Table, request: HttpRequest, version: string): HttpReply {
  if (request.method !== "GET" && request.method !== "POST")
    throw methodNotAllowed(request, "GET,POST,PATCH");
  const body = request.method === "POST" ? parseBody(request.body) : {};
  const list = (name: string): string[] => {
    const asked = body[name] ?? (request.query.get(name) ?? "").split(",");
    return Array.isArray(asked) ? asked.map(String).filter((s) => s !== "") : [];
  };
  const ids = list("ids");
  refuseTooMany(ids.length);
  org.settle();
  const names = list("fields");
  const fields = fieldsAsked(org, table, names.length === 0 ? null : names.join(","));
  return {
    status: 200,
    body: ids.map((id) => {
      const row = table.entry(normalId(id) ?? id)?.visible ?? null;
      return row === null || row.IsDeleted === true ? null : wireRow(org, table, row, version, fields);
    }),
  };
}

function saving(org: Org, table: Table, record: Row, isUpdate: boolean): Step {
  const { attributes: _attributes, ...all } = record;
  const idName = Object.keys(all).find((name) => name.toLowerCase() === "id");
  const rest = Object.fromEntries(Object.entries(all).filter(([name]) => !isUpdate || name !== idName));
  const given = idName === undefined ? "" : String(all[idName]);
  const target = (): string | null => {
    if (!isUpdate) return null;
    if (given === "") throw badRequest("MISSING_ARGUMENT", "Id not specified in an update call", []);
    return changeable(org, table, normalId(given) ?? given).id;
  };
  return {
    ...(isUpdate && given !== "" ? { id: normalId(given) ?? given } : {}),
    check: () => void checkSave(org, table, target(), rest),
    run: () => ({ id: save(org, table, target(), rest), success: true, errors: [] }),
  };
}

function deletion(org: Org, text: string): Step {
  const id = normalId(text) ?? text;
  const table = () => {
    const spec = org.specs.find((s) => s.prefix === id.slice(0, 3));
    const found = spec === undefined ? undefined : org.table(spec.name);
    if (found === undefined) throw badRequest("MALFORMED_ID", `bad id ${text}`, []);
    return found;
  };
  return {
    id,
    check: () => void changeable(org, table(), id),
    run() {
      erase(org, table(), id);
      return { id, success: true, errors: [] };
    },
  };
}

/** Runs the steps in order. With all-or-none, nothing is done unless every step would succeed by itself. */
function answer(steps: readonly Step[], allOrNone: boolean): HttpReply {
  if (allOrNone) {
    const checked = steps.map((step) =>
      attempt(step, () => {
        step.check();
        return { ...(step.id === undefined ? {} : { id: step.id }), success: true, errors: [] };
      }),
    );
    if (checked.some((r) => !r.success)) {
      return { status: 200, body: checked.map((r) => (r.success ? rolledBack(r) : r)) };
    }
  }
  return { status: 200, body: steps.map((step) => attempt(step, () => step.run())) };
}

function attempt(step: Step, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    const errors = error.elements.map((e) => ({
      statusCode: e.errorCode,
      message: e.message,
      fields: e.fields ?? [],
    }));
    return { ...(step.id === undefined ? {} : { id: step.id }), success: false, errors };
  }
}

function rolledBack(result: Result): Result {
  const statusCode = "ALL_OR_NONE_OPERATION_ROLLED_BACK";
  const message =
    "Record rolled back because not all records were valid and the request was using AllOrNone header";
  return { ...result, success: false, errors: [{ statusCode, message, fields: [] }] };
}

function collectionBody(request: HttpRequest): { records: Row[]; allOrNone: boolean } {
  const body = parseBody(request.body);
  const { records } = body;
  if (!Array.isArray(records) || records.some((r) => typeof r !== "object" || r === null)) {
    throw badRequest("JSON_PARSER_ERROR", "A list of records is required");
  }
  refuseTooMany(records.length);
  return { records: records as Row[], allOrNone: body.allOrNone === true };
}

function refuseTooMany(count: number): void {
  if (count > MOST_RECORDS) {
    throw badRequest(
      "EXCEEDED_ID_LIMIT",
      `record limit reached. cannot submit more than ${MOST_RECORDS} records`,
    );
  }
}

function typeOf(record: Row): string {
  const attributes = record.attributes as { type?: unknown } | undefined;
  if (typeof attributes?.type !== "string") {
    throw badRequest("INVALID_TYPE", "attributes.type is required on every record");
  }
  return attributes.type;
}

function tableNamed(org: Org, name: string): Table {
  const table = org.table(name);
  if (table === undefined) throw notFound();
  return table;
}
