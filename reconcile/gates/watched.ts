/** Which fields of which systems are compared, and which of them another system is right about. */
import type { PlumblineConfig } from "#core/config";
import type { Entity } from "#core/entities";
import type { Role } from "#core/roles";
import type { IsoDate } from "#core/time";
import type { Comparison, SideName } from "../comparison.ts";
import { COMPARISONS } from "../comparisons/index.ts";
import { recordRoles } from "../governance/system-of-record.ts";

/** One compared field as a side holds it. Change logs speak of `project_ref` where comparisons speak of `project_key`. */
interface HeldField {
  comparison: string;
  role: Role;
  entity: Entity;
  field: string;
  /** The field as the comparison calls it. */
  name: string;
}

function heldFields(comparisons: readonly Comparison[]): HeldField[] {
  return comparisons.flatMap((c) =>
    (["left", "right"] as const).flatMap((which: SideName) =>
      c.fields
        .map((f) => ({
          comparison: c.id,
          role: c[which].role,
          name: f.name,
          ...heldIn(c.entity, f.heldAs?.[which] ?? f.name),
        }))
        .filter((f) => c[which].reads.includes(f.entity)),
    ),
  );
}

/** `contract.cap` is a field of another entity than the comparison's own. */
function heldIn(own: Entity, name: string): Pick<HeldField, "entity" | "field"> {
  const [field = "", entity = own] = name.split(".").reverse();
  return { entity: entity as Entity, field: field.replace(/_key$/, "_ref") };
}

const nameOf = (f: HeldField) => `${f.role}|${f.entity}|${f.field}`;

/** The fields that are compared on any side, as `<source>|<entity>|<field>`. */
export function comparedFields(
  config: Pick<PlumblineConfig, "sources">,
  comparisons: readonly Comparison[] = COMPARISONS,
): string[] {
  return ofSources(config, heldFields(comparisons));
}

/**
 * Those of them that the system is right about in no comparison: what is written there by hand does not last. A field that it is
 * right about for one legal entity only is its own: a change says nothing of the entity.
 * @param on the day the matrix is asked about; every line counts as begun when left out
 */
export function fieldsOfOthers(
  config: Pick<PlumblineConfig, "sources" | "systemOfRecord">,
  on?: IsoDate,
  comparisons: readonly Comparison[] = COMPARISONS,
): string[] {
  // A system compared with itself is not right about it towards any other.
  const apart = comparisons.filter((c) => c.left.role !== c.right.role);
  const held = heldFields(apart);
  const isRight = (f: HeldField) => recordRoles(config, f.comparison, { field: f.name, on }).has(f.role);
  const own = new Set(held.filter(isRight).map(nameOf));
  return ofSources(
    config,
    held.filter((f) => !own.has(nameOf(f))),
  );
}

function ofSources({ sources }: Pick<PlumblineConfig, "sources">, fields: readonly HeldField[]): string[] {
  const all = sources.flatMap((s) =>
    fields.filter((f) => f.role === s.role).map((f) => `${s.id}|${f.entity}|${f.field}`),
  );
  return [...new Set(all)].sort();
}
