/** How a member's value is kept, and how people see it: in `refName`, in `BUILTIN.DF` and in system notes. */
import { clockFromHours, hoursFromClock, parseDecimal } from "#core/decimal";
import type { Field, RecordType } from "./record-field.ts";
import { accountDate, wallOfDate, type Zone } from "./zone.ts";

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** True for a real calendar day written `YYYY-MM-DD`. */
export function isDate(value: unknown): value is string {
  return (
    typeof value === "string" &&
    DATE.test(value) &&
    !Number.isNaN(wallOfDate(value)) &&
    new Date(wallOfDate(value)).toISOString().startsWith(value)
  );
}

/**
 * A value in the form the account keeps, or undefined when it is not of the member's kind. Null and empty text are null.
 * Lenient where the vendor's own forms are: a choice may be named by its label, a duration by `h:mm`.
 */
export function kept(field: Field, value: unknown): unknown {
  if (value === null || value === "") return null;
  const { kind } = field;
  switch (kind.is) {
    case "text":
      return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
    case "number":
      return parseDecimal(value) ?? undefined;
    case "duration":
      return (
        (typeof value === "string" && value.includes(":") ? hoursFromClock(value) : parseDecimal(value)) ??
        undefined
      );
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "date":
      return isDate(value) ? value : undefined;
    case "instant":
      if (typeof value === "string") return instantFrom(value);
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    case "ref":
      return typeof value === "string" && /^-?\d+$/.test(value) ? value : undefined;
    case "choice": {
      if (typeof value !== "string" && typeof value !== "number") return undefined;
      const given = String(value);
      if (Object.hasOwn(kind.labels, given)) return given;
      return Object.keys(kind.labels).find((id) => kind.labels[id] === given);
    }
  }
}

/** An ISO date-time with `Z` or an offset; without one nobody knows the instant, so it is refused. */
function instantFrom(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Finds the title of a referenced record; null when it does not exist. */
export type TitleOf = (types: readonly string[], id: string) => string | null;

/** A value as the account shows it to people; null for an empty one. */
export function shown(field: Field, value: unknown, zone: Zone, titleOf: TitleOf): string | null {
  if (value === null || value === undefined || value === "") return null;
  const { kind } = field;
  switch (kind.is) {
    case "bool":
      return value === true ? "Yes" : "No";
    case "date":
      return accountDate(wallOfDate(String(value)));
    case "instant":
      return accountDate(zone.wallOf(Number(value)));
    case "duration":
      return clockFromHours(String(value));
    case "ref":
      return titleOf(kind.to, String(value)) ?? String(value);
    case "choice":
      return kind.labels[String(value)] ?? String(value);
    default:
      return String(value);
  }
}

/** The member of that name, among the record's own and its `id`; undefined when there is none. */
export function fieldOf(type: RecordType, name: string): Field | undefined {
  return Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
}
