/** The platform's own change log: one row per tracked field per edit, with who, when, old and new. Only what an admin tracks. */
import { parseDecimal } from "#core/decimal";
import type { Entity } from "#core/entities";
import type { MappedChange, Stream } from "../connector.ts";
import { type Fields, mapping, reject } from "../payload.ts";
import type { Platform } from "./client.ts";
import { objectStream } from "./object-stream.ts";
import { looksLikeId } from "./row.ts";

export interface HistorySpec {
  /** `OpportunityFieldHistory`, `Contract_Rate__History`. */
  object: string;
  /** The field that names the changed row: `OpportunityId`; `ParentId` on custom objects. */
  parentField: string;
  entity: Entity;
  /** Vendor field → canonical field. Others are kept as `raw:<vendor field>`. */
  fields: Readonly<Record<string, string>>;
  /** Further fields to ask for, for `recordsOf`. */
  also?: readonly string[];
  /** Which canonical records a change is about, and which field of them; default: the changed row itself. */
  recordsOf?(fields: Fields, vendorField: string): readonly { nativeId: string; field: string }[];
}

/** `Contract_Rate__c` → `Contract_Rate__History`; `Account` → `AccountHistory`, `Opportunity` → `OpportunityFieldHistory`. */
export function historyObject(object: string): string {
  if (object.endsWith("__c")) return object.replace(/__c$/, "__History");
  return object === "Opportunity" ? "OpportunityFieldHistory" : `${object}History`;
}

export function historyStream(platform: Platform, spec: HistorySpec): Stream {
  const integrations = new Set(platform.settings.integrationUsers);
  return objectStream(platform, {
    object: spec.object,
    yields: "change",
    fields: [spec.parentField, "Field", "OldValue", "NewValue", "CreatedById", ...(spec.also ?? [])],
    stamps: ["CreatedDate"],
    deletes: "never",
    // Any type may be logged; kept as text, so that a stream of them has one type.
    keep: (row) => ({ ...row, OldValue: asText(row.OldValue), NewValue: asText(row.NewValue) }),
    map: mapping((f) => {
      const vendorField = f.required("Field");
      const oldValue = logged(f.raw("OldValue"));
      const newValue = logged(f.raw("NewValue"));
      const actor = f.text("CreatedById");
      const canonical = spec.fields[vendorField];
      // A lookup's change is logged twice, once by id and once by name; references are ids here.
      if (canonical?.endsWith("_ref") && ![oldValue, newValue].every((v) => v === "" || looksLikeId(v)))
        return { records: [], changes: [] };
      const records = spec.recordsOf?.(f, vendorField) ?? [
        { nativeId: f.required(spec.parentField), field: canonical ?? `raw:${vendorField}` },
      ];
      const changeId = f.required("Id");
      const changes: MappedChange[] = records.map((r) => ({
        entity: spec.entity,
        nativeId: r.nativeId,
        changeId,
        field: r.field,
        oldValue,
        newValue,
        actor,
        actorKind: actor === "" ? "unknown" : integrations.has(actor) ? "integration" : "person",
        changedAt: f.instant("CreatedDate"),
      }));
      return { records: [], changes };
    }),
  });
}

function asText(value: unknown): unknown {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

/** The log writes any type: text, numbers, yes or no, or nothing. */
function logged(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  return parseDecimal(value) ?? reject("wrong-shape", `A logged value is ${typeof value}.`);
}

/** Vendor field → canonical field, leaving out fields the org does not have. */
export function named(...pairs: readonly (readonly [string | null, string])[]): Record<string, string> {
  return Object.fromEntries(pairs.filter((p): p is readonly [string, string] => p[0] !== null));
}
