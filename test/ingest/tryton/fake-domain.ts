/** How the fake Tryton understands a search: domains are evaluated for what they say, dotted fields come nested. */
import { decimalOf, hoursOf, microInstantOf } from "#ingest/tryton/values";

export type Row = Record<string, unknown>;

export interface FieldSpec {
  type: string;
  relation?: string;
  selection?: readonly (string | null)[];
}

export interface Tables {
  fieldOf(model: string, name: string): FieldSpec | undefined;
  row(model: string, id: number): Row | undefined;
}

/** A name the server does not know: it answers with the name in quotes. */
export class UnknownName extends Error {}

export function queriesOver(tables: Tables) {
  const spec = (model: string, name: string): FieldSpec => {
    const found = tables.fieldOf(model, name);
    if (found === undefined) throw new UnknownName(name);
    return found;
  };
  /** What a field points at: one record, several, or none. */
  const targets = (model: string, row: Row, name: string): { model: string; rows: Row[] } => {
    const { relation = "", type } = spec(model, name);
    const value = row[name];
    if (type === "reference") {
      const [to = "", id = ""] = String(value ?? "").split(",");
      const found = tables.row(to, Number(id));
      return { model: to, rows: found ? [found] : [] };
    }
    const ids = Array.isArray(value) ? value : typeof value === "number" ? [value] : [];
    return {
      model: relation,
      rows: ids.map((id) => tables.row(relation, Number(id))).filter((r) => r !== undefined),
    };
  };

  const read = (model: string, row: Row, paths: readonly string[]): Row => {
    const out: Row = { id: row.id };
    const nested = new Map<string, string[]>();
    for (const path of paths) {
      const [step = "", ...rest] = path.split(".");
      out[step] = spec(model, step) && (row[step] ?? null);
      if (rest.length > 0) nested.set(step, [...(nested.get(step) ?? []), rest.join(".")]);
    }
    for (const [step, inner] of nested) {
      const to = targets(model, row, step);
      const records = to.rows.map((r) => read(to.model, r, inner));
      out[`${step}.`] = Array.isArray(row[step]) ? records : (records[0] ?? null);
      // What was asked for only by what it points at comes nested alone.
      if (!paths.includes(step)) delete out[step];
    }
    return out;
  };

  const isBelow = (model: string, row: Row | undefined, field: string, ids: readonly unknown[]): boolean => {
    for (let at = row; at !== undefined; ) {
      if (ids.includes(at.id)) return true;
      const parent = at[field];
      at = typeof parent === "number" ? tables.row(model, parent) : undefined;
    }
    return false;
  };

  const clause = (model: string, row: Row, [path, operator, wanted]: readonly unknown[]): boolean => {
    const [step = "", ...rest] = String(path).split(".");
    const { relation } = spec(model, step);
    if (rest.length > 0) {
      const to = targets(model, row, step);
      return to.rows.some((r) => clause(to.model, r, [rest.join("."), operator, wanted]));
    }
    const value = row[step] ?? null;
    if (operator === "child_of") {
      if (!Array.isArray(wanted)) throw new Error("child_of wants ids");
      // On a field that points at its own model, the records themselves count.
      if (relation === model) return isBelow(model, row, step, wanted);
      const to = targets(model, row, step);
      return to.rows.some((r) => isBelow(to.model, r, "parent", wanted));
    }
    if (operator === "in") return (wanted as unknown[]).some((w) => sortable(w) === sortable(value));
    if (operator === "not in") return !(wanted as unknown[]).some((w) => sortable(w) === sortable(value));
    if (operator === "=") return sortable(value) === sortable(wanted);
    if (operator === "!=") return sortable(value) !== sortable(wanted);
    if (operator === "like") return like(String(wanted)).test(String(value ?? ""));
    if (value === null) return false;
    const [a, b] = [sortable(value), sortable(wanted)];
    if (a === null || b === null) return false;
    if (operator === ">") return a > b;
    if (operator === ">=") return a >= b;
    if (operator === "<") return a < b;
    if (operator === "<=") return a <= b;
    throw new Error(`The fake knows no operator ${String(operator)}`);
  };

  const matches = (model: string, row: Row, domain: unknown): boolean => {
    if (!Array.isArray(domain)) throw new Error("A domain is a list");
    const [first] = domain as unknown[];
    if (first === "OR") return domain.slice(1).some((d) => matches(model, row, d));
    if (first === "AND") return domain.slice(1).every((d) => matches(model, row, d));
    if (typeof first === "string") return clause(model, row, domain);
    return domain.every((d) => matches(model, row, d));
  };
  return { read, matches };
}

function sortable(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return microInstantOf(value) ?? decimalOf(value) ?? hoursOf(value) ?? JSON.stringify(value);
}

function like(pattern: string): RegExp {
  const source = pattern.replace(/\\([%_\\])|[%_]|[.*+?^${}()|[\]\\]/g, (m, escaped?: string) =>
    escaped !== undefined ? `\\${escaped}` : m === "%" ? "[^]*" : m === "_" ? "[^]" : `\\${m}`,
  );
  return new RegExp(`^${source}$`);
}
