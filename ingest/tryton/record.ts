/**
 * Reading a record as the server nests it: what was asked for as `employee.party.code` comes as `"employee.": {"party.": {"code"}}`.
 * A field that cannot be understood ends the mapping with a reason; what is absent or null reads as empty.
 */
import { compare, type DecimalText } from "#core/decimal";
import { NO_DATE } from "#core/entities";
import type { Instant, IsoDate } from "#core/time";
import type { Mapped, MappedChange, MappedRecord } from "../connector.ts";
import { isObject, mapping, quote, reject } from "../payload.ts";
import { dateOf, decimalOf, hoursOf, instantOf, microInstantOf } from "./values.ts";

export interface TrytonRecord {
  raw(path: string): unknown;
  /** Text or a number as text; `""` when absent. */
  text(path: string): string;
  /** An id as text; rejects when it is absent. */
  required(path: string): string;
  flag(path: string): boolean;
  /** Null when absent. */
  decimal(path: string): DecimalText | null;
  /** NO_DATE when absent. */
  date(path: string): IsoDate;
  /** In UTC, milliseconds; absent rejects. */
  instant(path: string): Instant;
  /** Null when absent. */
  hours(path: string): DecimalText | null;
  /** The records of a list asked for with a dotted path (`lines.…`). */
  list(path: string): TrytonRecord[];
}

type Answer =
  | readonly MappedRecord[]
  | { records: readonly MappedRecord[]; changes: readonly MappedChange[] };

/** Make a total `map` out of one that reads a record and may reject. */
export function mappingOf(read: (record: TrytonRecord) => Answer): (payload: unknown) => Mapped {
  return mapping((f) => read(recordOf(f.all)));
}

/** What the store's money columns hold at most: Decimal(18,4). */
const LARGEST = "99999999999999";

export function recordOf(payload: Readonly<Record<string, unknown>>): TrytonRecord {
  const raw = (path: string) => valueAt(payload, path);
  const text = (path: string): string => {
    const value = raw(path);
    if (value === null || value === undefined) return "";
    if (typeof value === "string") return value.trim();
    if (typeof value === "number") return String(value);
    return reject("wrong-shape", `${path} should be text and holds ${quote(value)}.`);
  };
  const optional = <T>(
    path: string,
    what: string,
    reason: "bad-number" | "bad-date",
    of: (value: unknown) => T | null,
  ): T | null => {
    const value = raw(path);
    if (value === null || value === undefined || value === "") return null;
    return of(value) ?? reject(reason, `${path} should be ${what} and holds ${quote(value)}.`);
  };
  return {
    raw,
    text,
    required(path) {
      const value = text(path);
      return value === "" ? reject("missing-key", `${path} is empty.`) : value;
    },
    flag(path) {
      const value = raw(path);
      if (value === null || value === undefined) return false;
      return typeof value === "boolean"
        ? value
        : reject("unknown-value", `${path} should be yes or no and holds ${quote(value)}.`);
    },
    decimal(path) {
      const value = optional(path, "a number", "bad-number", decimalOf);
      if (value !== null && (compare(value, LARGEST) > 0 || compare(value, `-${LARGEST}`) < 0))
        reject("out-of-range", `${path} holds ${value}, more than any amount can be.`);
      return value;
    },
    date: (path) => optional(path, "a date", "bad-date", dateOf) ?? NO_DATE,
    instant: (path) =>
      optional(path, "a date and time", "bad-date", instantOf) ?? reject("bad-date", `${path} is empty.`),
    hours: (path) => optional(path, "a duration", "bad-number", hoursOf),
    list(path) {
      const value = raw(`${path}.`);
      if (value === null || value === undefined) return [];
      return Array.isArray(value)
        ? value.filter(isObject).map(recordOf)
        : reject("wrong-shape", `${path} should be a list and holds ${quote(value)}.`);
    },
  };
}

/** The value at a dotted path; a path that ends in a dot gives the nested record itself. */
export function valueAt(payload: unknown, path: string): unknown {
  let value = payload;
  const steps = path.endsWith(".") ? [...path.slice(0, -1).split("."), ""] : path.split(".");
  for (const [n, step] of steps.entries()) {
    if (step === "" && n === steps.length - 1) return value;
    if (!isObject(value)) return undefined;
    value = n < steps.length - 1 ? value[`${step}.`] : value[step];
  }
  return value;
}

/** The id in a reference such as `project.work,2` when it points at `model`; null otherwise. */
export function referenceTo(value: unknown, model: string): number | null {
  if (typeof value !== "string") return null;
  const [name, id] = value.split(",");
  return name === model && /^\d+$/.test(id ?? "") ? Number(id) : null;
}

/**
 * When a record last changed, with microseconds: it and, under `paths`, records it was read with (lists included). Null when it has
 * no stamps.
 */
export function stampOf(payload: unknown, paths: readonly string[] = []): string | null {
  let latest = ownStamp(payload);
  for (const path of paths)
    for (const related of nestedAt(payload, path.split("."))) {
      const stamp = ownStamp(related);
      if (stamp !== null && (latest === null || stamp > latest)) latest = stamp;
    }
  return latest;
}

/** A record's own change time: that of its last write, or of its making while it was never written. */
export function ownStamp(payload: unknown): string | null {
  if (!isObject(payload)) return null;
  return microInstantOf(payload.write_date) ?? microInstantOf(payload.create_date);
}

function nestedAt(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (step === undefined) return Array.isArray(value) ? value : [value];
  const holders = Array.isArray(value) ? value : [value];
  return holders.flatMap((h) => (isObject(h) ? nestedAt(h[`${step}.`], rest) : []));
}
