import { sameValue } from "#core/decimal";
import { NO_DATE } from "#core/entities";
import type { FieldChange } from "#ingest/connector";
import type { Fields } from "../proposal.ts";

const NUMBERS: ReadonlySet<string> = new Set(["hours", "allocation_pct", "rate"]);

/** A value as writers know it: what is not set is null, whether the store holds it as empty or as no date. */
export function setOrNull(value: string | null): string | null {
  return value === "" || value === NO_DATE ? null : value;
}

/** The changes that give the wrong record the right one's values: of the fields that both hold and that differ. */
export function differing(names: readonly string[], right: Fields, wrong: Fields): FieldChange[] {
  return names.flatMap((field) => {
    const [is, must] = [wrong[field], right[field]];
    if (is === undefined || must === undefined) return [];
    const [from, to] = [setOrNull(is), setOrNull(must)];
    const same = NUMBERS.has(field) ? sameValue(from, to) : from === to;
    return same ? [] : [{ field, from, to }];
  });
}
