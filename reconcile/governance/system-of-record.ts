/**
 * The system of record: of the two sides of a comparison, the one whose value is right. A push corrects the other. It may be said for
 * a whole comparison, for one of its fields, for one legal entity, and from a day on.
 */
import type { ComparisonSides, PlumblineConfig } from "#core/config";
import type { Role } from "#core/roles";
import type { IsoDate } from "#core/time";
import { COMPARISONS } from "../comparisons/index.ts";

type Matrix = Pick<PlumblineConfig, "systemOfRecord">;

/** What the configuration can name a system of record for; for loadConfig. */
export const comparisonSides: ComparisonSides = Object.fromEntries(
  COMPARISONS.map((c) => [c.id, { roles: [c.left.role, c.right.role], fields: c.fields.map((f) => f.name) }]),
);

/** What the question is about. Without a field, the comparison as a whole (a record that is missing); without a day, for good. */
export interface RecordQuestion {
  field?: string | undefined;
  /** The firm's own code; "" for none. */
  entity?: string | undefined;
  on?: IsoDate | undefined;
}

/**
 * The role of the side that is right. A line for the field and the entity counts before one for the field, that before one for the
 * entity, that before one for the comparison; of lines alike the one that began last. None fits: the left side. Null when there is no
 * such comparison.
 */
export function recordRole(config: Matrix, comparison: string, about: RecordQuestion = {}): Role | null {
  const entry = config.systemOfRecord[comparison];
  const usual = comparisonSides[comparison]?.roles[0] ?? null;
  if (entry === undefined) return usual;
  if (typeof entry === "string") return entry;
  const fitting = entry
    .filter(
      (line) =>
        (line.field === undefined || line.field === about.field) &&
        (line.entity === undefined || line.entity === about.entity) &&
        (line.from === undefined || about.on === undefined || line.from <= about.on),
    )
    .sort((a, b) => weight(b) - weight(a) || ((a.from ?? "") < (b.from ?? "") ? 1 : -1));
  return fitting[0]?.role ?? usual;
}

const weight = (line: { field?: string | undefined; entity?: string | undefined }) =>
  (line.field === undefined ? 0 : 2) + (line.entity === undefined ? 0 : 1);

/**
 * The one role that is right about all of these fields, or `mixed` when they differ: one correction cannot go both ways. Without
 * fields, the comparison as a whole.
 */
export function recordRoleOf(
  config: Matrix,
  comparison: string,
  fields: readonly string[],
  about: Omit<RecordQuestion, "field">,
): Role | "mixed" | null {
  const roles = new Set(
    (fields.length === 0 ? [undefined] : fields).map((field) =>
      recordRole(config, comparison, { ...about, field }),
    ),
  );
  return roles.size > 1 ? "mixed" : ([...roles][0] ?? null);
}

/** The roles that are right about a field for any legal entity, on a day. Where the lines name two, each is right about its part. */
export function recordRoles(
  config: Matrix,
  comparison: string,
  about: Pick<RecordQuestion, "field" | "on">,
): Set<Role> {
  const entry = config.systemOfRecord[comparison];
  const named = typeof entry === "string" ? [] : (entry ?? []).map((line) => line.entity);
  const roles = [undefined, ...named].map((entity) => recordRole(config, comparison, { ...about, entity }));
  return new Set(roles.filter((role) => role !== null));
}

export interface RecordLine {
  /** "" for the whole comparison; the same for an entity. */
  field: string;
  entity: string;
  /** "" for ever since. */
  from: string;
  role: Role;
  /** In force on the day asked for. */
  holds: boolean;
}

/** The lines of the matrix for one comparison, as people read it: the usual one first, then what departs from it. */
export function recordLines(config: Matrix, comparison: string, on: IsoDate): RecordLine[] {
  const entry = config.systemOfRecord[comparison];
  const usual = comparisonSides[comparison]?.roles[0];
  const configured = typeof entry === "string" ? [{ role: entry }] : (entry ?? []);
  const lines = configured.map(
    (line: (typeof configured)[number] & RecordQuestion & { from?: string | undefined }) => ({
      role: line.role,
      field: line.field ?? "",
      entity: line.entity ?? "",
      from: line.from ?? "",
    }),
  );
  const isWhole = (l: { field: string; entity: string; from: string }) => l.field + l.entity + l.from === "";
  const all = [
    ...(usual !== undefined && !lines.some(isWhole)
      ? [{ field: "", entity: "", from: "", role: usual }]
      : []),
    ...lines,
  ];
  return all.map((l) => ({
    ...l,
    holds:
      (l.from === "" || l.from <= on) &&
      !all.some((o) => o.field === l.field && o.entity === l.entity && o.from <= on && o.from > l.from),
  }));
}
