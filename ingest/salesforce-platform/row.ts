/** Reading a row of any object the way this platform writes it: system fields, 18-character ids, currencies. */
import type { SourceConfig } from "#core/config";
import { type Instant, instantOf } from "#core/time";
import type { Identified, MappedOf } from "../connector.ts";
import { type Fields, instantMs, isObject, quote } from "../payload.ts";
import type { PlatformSettings } from "./settings.ts";

/** A row's id, its newest stamp among `stamps`, and whether it sits in the recycle bin. */
export function identifyRow(payload: unknown, stamps: readonly string[]): Identified {
  if (!isObject(payload)) return { ok: false, detail: `Expected a row, got ${quote(payload)}.` };
  const id = payload.Id;
  if (typeof id !== "string" || id === "") return { ok: false, detail: "The row has no Id." };
  const times = stamps.map((s) => stampOf(payload, s)).filter((t) => t !== null);
  if (times.length === 0)
    return { ok: false, detail: `The row ${id} has no ${stamps.join(" or ")} that is a date and time.` };
  return {
    ok: true,
    nativeId: id,
    changedAt: instantOf(Math.max(...times)),
    deleted: payload.IsDeleted === true,
  };
}

/** A stamp of a row, or of a row it refers to (`Schedule__r.SystemModstamp`), in epoch milliseconds. */
export function stampOf(payload: unknown, path: string): number | null {
  let value = payload;
  for (const step of path.split(".")) value = isObject(value) ? value[step] : undefined;
  return typeof value === "string" ? instantMs(value) : null;
}

/** An id of 18 characters or more in a value of the change log, as against the name the platform logs beside it. */
export function looksLikeId(text: string): boolean {
  return /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(text) && /\d/.test(text);
}

/** What mapping needs besides the row. */
export interface Tenant {
  currency(fields: Fields): string;
  /** The firm's code for what the org writes in its legal-entity field; the org's own when the configuration names none. */
  legalEntity(code: string): string;
}

export function tenantOf(source: SourceConfig, settings: PlatformSettings): Tenant {
  return {
    currency: (fields) =>
      settings.currencyField === null
        ? settings.singleCurrency
        : fields.text(settings.currencyField) || settings.singleCurrency,
    legalEntity: (code) => source.legalEntities[code] ?? code,
  };
}

/** The value of a field the org may not have. */
export function optionalText(fields: Fields, name: string | null): string {
  return name === null ? "" : fields.text(name);
}

/** Agreed keys for references that are agreed keys themselves; empty references are left out. */
export function agreedKeys(pairs: Readonly<Record<string, string>>): Pick<MappedOf<"project">, "keys"> {
  return { keys: Object.fromEntries(Object.entries(pairs).filter(([, id]) => id !== "")) };
}

/** Fields to ask for, without the ones switched off and without repeats. */
export function selectList(...names: readonly (string | null)[]): string[] {
  return [...new Set(names.filter((n) => n !== null && n !== ""))] as string[];
}

/** A SOQL date-time literal, at the second the platform compares by. */
export function soqlInstant(ms: number): string {
  return `${instantOf(Math.floor(ms / 1000) * 1000).slice(0, 19)}Z`;
}

export function laterOf(a: Instant | null, b: Instant): Instant {
  return a !== null && a > b ? a : b;
}
