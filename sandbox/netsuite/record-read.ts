/** Records as REST shows them: references with their titles, durations as `h:mm`, instants in UTC, empty members left out. */
import { clockFromHours } from "#core/decimal";
import type { Row } from "../vendor-store.ts";
import type { Account, View } from "./account.ts";
import { type Link, pageLinks, pageOf } from "./paging.ts";
import type { Field, RecordType } from "./record-field.ts";
import { filterOf } from "./record-filter.ts";
import { recordTypes } from "./record-types.ts";
import { linesOf } from "./suiteql-value.ts";
import { noSuchRecord, VendorRefusal } from "./vendor-error.ts";

export const RECORD_PATH = "/services/rest/record/v1";

export interface ReadContext {
  account: Account;
  view: View;
  baseUrl: string;
}

export function recordUrl(baseUrl: string, type: RecordType, id: string): string {
  return `${baseUrl}${RECORD_PATH}/${type.name}/${id}`;
}

/** One record. `query` may carry `fields`, `expandSubResources` and `simpleEnumFormat`. */
export function renderRecord(context: ReadContext, type: RecordType, row: Row, query: URLSearchParams) {
  const self = recordUrl(context.baseUrl, type, String(row.id));
  const wanted =
    query
      .get("fields")
      ?.split(",")
      .map((f) => f.trim().toLowerCase()) ?? null;
  const simpleEnums = query.get("simpleEnumFormat") === "true";
  const body: Record<string, unknown> = { links: [{ rel: "self", href: self }], id: String(row.id) };
  for (const [name, field] of Object.entries(type.fields)) {
    if (wanted !== null && !wanted.includes(name.toLowerCase())) continue;
    const value = renderValue(context, field, row[name], simpleEnums);
    if (value !== undefined) body[name] = value;
  }
  const { sublist } = type;
  if (sublist !== undefined && (wanted === null || wanted.includes(sublist.member.toLowerCase()))) {
    body[sublist.member] =
      query.get("expandSubResources") === "true"
        ? renderSublist(context, type, row)
        : { links: [{ rel: "self", href: `${self}/${sublist.member}` }] };
  }
  return body;
}

/** A record's lines, as its sublist's own address answers them. */
export function renderSublist(context: ReadContext, type: RecordType, row: Row): Record<string, unknown> {
  const { sublist } = type;
  if (sublist === undefined) throw noSuchRecord();
  const self = `${recordUrl(context.baseUrl, type, String(row.id))}/${sublist.member}`;
  const items = linesOf(row).map((line, i) => {
    const item: Record<string, unknown> = { links: [{ rel: "self", href: `${self}/${i + 1}` }], line: i + 1 };
    for (const [name, field] of Object.entries(sublist.fields)) {
      const value = renderValue(context, field, line[name], false);
      if (value !== undefined && field.kind.is !== "bool") item[name] = value;
      else if (typeof line[name] === "boolean") item[name] = line[name];
    }
    return item;
  });
  return { links: [{ rel: "self", href: self }], items, totalResults: items.length };
}

function renderValue(context: ReadContext, field: Field, value: unknown, simpleEnums: boolean): unknown {
  if (field.sqlOnly === true) return undefined;
  if (field.kind.is === "bool") return value === true;
  if (value === null || value === undefined || value === "") return undefined;
  switch (field.kind.is) {
    case "ref":
      return renderRef(context, field.kind.to, String(value));
    case "choice":
      return simpleEnums
        ? value
        : { id: String(value), refName: field.kind.labels[String(value)] ?? String(value) };
    case "duration":
      return clockFromHours(String(value));
    case "instant":
      return new Date(Math.floor(Number(value) / 1000) * 1000).toISOString().replace(".000Z", "Z");
    case "number":
      // The vendor's wire has JSON numbers here; the account itself keeps the exact text.
      return Number(value);
    default:
      return value;
  }
}

function renderRef(
  { view, baseUrl }: ReadContext,
  to: readonly string[],
  id: string,
): Record<string, unknown> {
  const owner = to
    .map((name) => recordTypes.get(name))
    .find((t) => t !== undefined && view.entry(t.name, id));
  const links: Link[] =
    owner === undefined || owner.rest === "none"
      ? []
      : [{ rel: "self", href: recordUrl(baseUrl, owner, id) }];
  return { links, id, refName: view.titleOf(to, id) ?? id };
}

/** `GET …/{type}`: ids and links of a page of the collection, filtered by `q`. */
export function renderCollection(
  context: ReadContext,
  type: RecordType,
  query: URLSearchParams,
): Record<string, unknown> {
  const { account, view, baseUrl } = context;
  const { limit, offset } = pageOf(query, account.pageSize);
  const q = query.get("q");
  const matches = q === null ? () => true : filterOf(account, type, q);
  const all = view.entries(type.name).filter((e) => matches(e.row));
  const items = all.slice(offset, offset + limit).map(({ row }) => ({
    links: [{ rel: "self", href: recordUrl(baseUrl, type, String(row.id)) }],
    id: String(row.id),
  }));
  const page = { limit, offset, total: all.length };
  return {
    links: pageLinks(`${baseUrl}${RECORD_PATH}/${type.name}`, page, q ?? undefined),
    count: items.length,
    hasMore: offset + items.length < all.length,
    items,
    offset,
    totalResults: all.length,
  };
}

/** `GET …/metadata-catalog`: the names, or one type as a JSON schema. */
export function renderCatalog(baseUrl: string, type: RecordType | null): Record<string, unknown> {
  const self = `${baseUrl}${RECORD_PATH}/metadata-catalog`;
  if (type === null) {
    const items = [...recordTypes.values()]
      .filter((t) => t.rest !== "none")
      .map((t) => ({ name: t.name, links: [{ rel: "canonical", href: `${self}/${t.name}` }] }));
    return { links: [{ rel: "self", href: self }], items };
  }
  const properties: Record<string, unknown> = { id: { title: "Internal ID", type: "string" } };
  for (const [name, field] of Object.entries(type.fields)) {
    if (field.sqlOnly !== true)
      properties[name] = { title: name, ...schemaOf(field), "x-ns-custom-field": name.startsWith("cust") };
  }
  if (type.sublist !== undefined)
    properties[type.sublist.member] = { title: type.sublist.member, type: "object" };
  return { type: "object", properties, "x-ns-filterable": Object.keys(type.fields) };
}

function schemaOf(field: Field): Record<string, unknown> {
  const readOnly = field.readOnly === true ? { readOnly: true } : {};
  switch (field.kind.is) {
    case "number":
      return { type: "number", format: "double", ...readOnly };
    case "bool":
      return { type: "boolean", ...readOnly };
    case "date":
      return { type: "string", format: "date", ...readOnly };
    case "instant":
      return { type: "string", format: "date-time", ...readOnly };
    case "ref":
      return {
        type: "object",
        properties: { id: { type: "string" }, refName: { type: "string" } },
        ...readOnly,
      };
    case "choice": {
      const values = Object.keys(field.kind.labels);
      return {
        type: "object",
        properties: { id: { type: "string", enum: values }, refName: { type: "string" } },
        ...readOnly,
      };
    }
    default:
      return { type: "string", ...readOnly };
  }
}

/** A record type or path that does not exist. */
export function notFound(what: string): VendorRefusal {
  return new VendorRefusal(404, "NOT_FOUND", `The requested resource was not found: ${what}.`, {
    "o:errorUrl": what,
  });
}
