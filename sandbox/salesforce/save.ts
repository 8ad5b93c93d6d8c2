/** Saving through the API: required fields, unique values, then the org's validation rules, then the write itself. */
import type { Row } from "#sandbox/vendor-store";
import { automate } from "./automation.ts";
import { incomingFields } from "./incoming.ts";
import type { Org } from "./org.ts";
import { storedValue } from "./stored-values.ts";
import type { Entry, Table } from "./table.ts";
import { badRequest, deleted, type ErrorElement, notFound, VendorError } from "./vendor-error.ts";

/** A row the API user can change. Throws NOT_FOUND, ENTITY_IS_DELETED, or UNABLE_TO_LOCK_ROW while a transaction is open on it. */
export function changeable(org: Org, table: Table, id: string): Entry {
  org.settle();
  const entry = existing(table, id);
  if (entry.latest !== entry.visible) {
    const message = `unable to obtain exclusive access to this record or 1 records: ${entry.id}`;
    throw badRequest("UNABLE_TO_LOCK_ROW", message, []);
  }
  return entry;
}

/** A row as readers see it; deleted rows answer ENTITY_IS_DELETED. */
export function existing(table: Table, id: string): Entry & { visible: Row } {
  const entry = table.entry(id);
  if (entry === undefined || entry.visible === null) throw notFound();
  if (entry.visible.IsDeleted === true) throw deleted();
  return entry as Entry & { visible: Row };
}

/** Checks a create (id null) or an update without doing it; returns the fields to write. */
export function checkSave(org: Org, table: Table, id: string | null, record: Row): Row {
  refuseReadOnlyObject(table);
  const fields = incomingFields(org, table, record);
  const before = id === null ? null : changeable(org, table, id).latest;
  const after: Row = before === null ? { ...blank(table), ...fields } : { ...before, ...fields };
  Object.assign(after, automate(table.spec.name, before, fields, org.clock.now()));

  const missing = table.spec.fields
    .filter((f) => f.required === true && f.autoNumber === undefined && after[f.name] === null)
    .filter((f) => before === null || f.name in fields)
    .map((f) => f.name);
  if (missing.length > 0) {
    const message = `Required fields are missing: [${missing.join(", ")}]`;
    throw badRequest("REQUIRED_FIELD_MISSING", message, missing);
  }
  refuseDuplicates(table, id, fields);

  const broken: ErrorElement[] = (table.spec.rules ?? [])
    .filter((rule) => rule.fails(after, before, org.lookup))
    .map((rule) => ({
      message: rule.message,
      errorCode: "FIELD_CUSTOM_VALIDATION_EXCEPTION",
      fields: rule.field === undefined ? [] : [rule.field],
    }));
  if (broken.length > 0) throw new VendorError(400, ...broken);
  return fields;
}

/** Creates or updates a row as the API user, now. Returns its id. */
export function save(org: Org, table: Table, id: string | null, record: Row): string {
  const fields = checkSave(org, table, id, record);
  return org.write(table.spec.name, id, fields, { at: org.clock.now(), by: org.apiUserId });
}

/** Deletes a row as the API user, now. */
export function erase(org: Org, table: Table, id: string): void {
  refuseReadOnlyObject(table);
  const entry = changeable(org, table, id);
  org.remove(table.spec.name, entry.id, { at: org.clock.now(), by: org.apiUserId });
}

/** The rows an external id value (or a record id) stands for, not counting deleted ones. */
export function rowsByKey(
  org: Org,
  table: Table,
  fieldName: string,
  value: string,
): (Entry & { visible: Row })[] {
  org.settle();
  const field = table.field(fieldName);
  if (field === undefined || (field.externalId !== true && field.type !== "id")) {
    throw notFound(`Provided external ID field does not exist or is not accessible: ${fieldName}`);
  }
  const wanted = String(
    storedValue({ ...field, type: field.type === "id" ? "id" : "string" }, value),
  ).toLowerCase();
  return [...table.entries()].filter((e): e is Entry & { visible: Row } => {
    if (e.visible === null || e.visible.IsDeleted === true) return false;
    return String(e.visible[field.name] ?? "").toLowerCase() === wanted;
  });
}

function refuseReadOnlyObject(table: Table): void {
  if (table.spec.prefix !== "017") return;
  const message = `entity type ${table.spec.name} does not support create, update or delete`;
  throw badRequest("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message, []);
}

function blank(table: Table): Row {
  const row: Row = {};
  for (const f of table.spec.fields) row[f.name] = f.initial ?? (f.type === "boolean" ? false : null);
  return row;
}

/** Unique values hold among rows still uncommitted too. */
function refuseDuplicates(table: Table, id: string | null, fields: Row): void {
  for (const field of table.spec.fields) {
    const value = fields[field.name];
    if (field.unique !== true || typeof value !== "string") continue;
    for (const other of table.entries()) {
      if (other.id === id || other.latest.IsDeleted === true) continue;
      if (String(other.latest[field.name] ?? "").toLowerCase() !== value.toLowerCase()) continue;
      const message = `duplicate value found: ${field.name} duplicates value on record with id: ${other.id}`;
      throw badRequest("DUPLICATE_VALUE", message, []);
    }
  }
}
