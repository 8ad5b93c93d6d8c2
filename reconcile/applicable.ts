/**
 * What of a comparison can be made with the sources there are. It is made when each side has sources that hold everything the side
 * reads; a field that no source of a side holds is left out, so that nothing is concluded from its being empty.
 */
import type { PlumblineConfig } from "#core/config";
import { type Entity, keyColumn, OPTIONAL_FIELDS } from "#core/entities";
import { ROLE_NAMES } from "#core/roles";
import { entitiesOf, type Source, type Stream } from "#ingest/connector";
import { type Comparison, type Field, isCompared, type Side, type SideName } from "./comparison.ts";
import type { Rule } from "./rule.ts";

/** What must be known of an open source: what its streams carry and what it lacks. An OpenSource of the registry is one. */
export interface KnownSource {
  config: { id: string };
  source: {
    streams: readonly (Pick<Stream, "name" | "yields" | "also"> & Partial<Pick<Stream, "fields">>)[];
    lacks?: Source["lacks"];
    holds?: Source["holds"];
  };
}

export type Applicable =
  /** `comparison`: the same with the fields marked that cannot be compared (`lackedBy`). */
  | { applies: true; comparison: Comparison }
  /** `why` is for people: "Not compared: no CRM source holds customers." */
  | { applies: false; why: string };

/** @param sources the open sources; unknown, every source counts as holding everything its role is for */
export function applicable(
  comparison: Comparison,
  rules: readonly Rule[],
  config: PlumblineConfig,
  sources?: readonly KnownSource[],
): Applicable {
  const roles = new Map(config.sources.map((s) => [s.id, s.role]));
  const fields = [...comparison.fields];
  for (const name of ["left", "right"] as const) {
    const side = comparison[name];
    if (![...roles.values()].includes(side.role))
      return no(`no source is configured in the role ${ROLE_NAMES[side.role]}`);
    if (!sources) continue;
    const own = sources.filter((s) => roles.get(s.config.id) === side.role);
    const missing = side.reads.filter((entity) => !own.some((s) => holds(s, entity)));
    if (missing.length > 0)
      return no(
        `no ${ROLE_NAMES[side.role]} source holds ${missing.map(manyOf).join(" or ")}, which “${comparison.title}” needs`,
      );
    const unheld = (side.needs ?? []).filter((need) => isUnheld(own, need));
    if (unheld.length > 0)
      return no(
        `no ${ROLE_NAMES[side.role]} source holds ${unheld.map(sayNeed).join(" or ")}, which “${comparison.title}” needs`,
      );
    for (const [n, field] of fields.entries())
      if (isLacked(own, comparison.entity, side, field, name))
        fields[n] = { ...field, lackedBy: [...(field.lackedBy ?? []), name] };
  }
  const isLeft = fields.some(isCompared) || claimsMissing(comparison, rules);
  if (!isLeft)
    return no(`one side holds nothing of what is compared (${fields.map((f) => f.label).join(", ")})`);
  const narrowed = fields.some((f) => !isCompared(f)) ? { ...comparison, fields } : comparison;
  return {
    applies: true,
    comparison: invoicedBy(config, sources) === "erp" ? { ...narrowed, invoicedBy: "erp" } : narrowed,
  };
}

/** Who knows which time has been invoiced: the PSA, unless every PSA source that holds time says that it does not. */
export function invoicedBy(config: PlumblineConfig, sources?: readonly KnownSource[]): "psa" | "erp" {
  const roles = new Map(config.sources.map((s) => [s.id, s.role]));
  const own = (sources ?? []).filter((s) => roles.get(s.config.id) === "psa" && holds(s, "time_entry"));
  return own.length > 0 && own.every((s) => s.source.lacks?.time_entry?.includes("is_invoiced"))
    ? "erp"
    : "psa";
}

/** Whether a rule can still claim an outcome of a comparison: of a mismatch alone, only on a field that is compared. */
export function mayClaim(rule: Rule, comparison: Comparison): boolean {
  return rule.claims.some(
    (claim) =>
      claim.comparison === comparison.id &&
      (claim.kinds.some((kind) => kind !== "mismatch") ||
        comparison.fields.some((f) => isCompared(f) && (claim.fields ?? [f.name]).includes(f.name))),
  );
}

const no = (why: string): Applicable => ({ applies: false, why: `Not compared: ${why}.` });

const holds = (source: KnownSource, entity: Entity) =>
  source.source.streams.some((stream) => entitiesOf(stream).includes(entity));

/** Whether every source of a side that holds the entity says that it does not hold the field. */
function isLacked(
  own: readonly KnownSource[],
  entity: Entity,
  side: Side,
  field: Field,
  name: SideName,
): boolean {
  const [of, held] = partsOf(field.heldAs?.[name] ?? field.name, entity);
  const holding = own.filter((s) => holds(s, of));
  return side.reads.includes(of) && holding.length > 0 && holding.every((s) => lacksField(s, of, held));
}

/** Whether no source of the side holds any of the fields a need names: `entity.field`, or several with `|` between. */
function isUnheld(own: readonly KnownSource[], need: string): boolean {
  return need.split("|").every((one) => {
    const [entity, field] = partsOf(one, "project");
    const holding = own.filter((s) => holds(s, entity));
    return holding.length > 0 && holding.every((s) => lacksField(s, entity, field));
  });
}

/** `contract.cap` → its entity and field; a bare field is of the entity compared. */
function partsOf(name: string, compared: Entity): readonly [Entity, string] {
  const [before = "", after] = name.split(".");
  return after === undefined ? [compared, before] : [before as Entity, after];
}

/** Said to be lacking, or one of the fields that only some systems hold and not said to be held. `held` may name a key column. */
function lacksField({ source }: KnownSource, entity: Entity, held: string): boolean {
  const names = (fields: readonly string[] | undefined) =>
    fields?.some((field) => field === held || keyColumn(field) === held) === true;
  return names(source.lacks?.[entity]) || (names(OPTIONAL_FIELDS[entity]) && !names(source.holds?.[entity]));
}

function claimsMissing(comparison: Comparison, rules: readonly Rule[]): boolean {
  return rules.some((rule) =>
    rule.claims.some(
      (c) =>
        c.comparison === comparison.id && c.kinds.some((k) => k === "missing_left" || k === "missing_right"),
    ),
  );
}

/** "contract.payment_terms" → "the payment terms of contracts". */
const sayNeed = (need: string) =>
  need
    .split("|")
    .map((one) => {
      const [entity, field] = partsOf(one, "project");
      return `the ${field.replace(/^is_|_(ref|key)$/g, "").replaceAll("_", " ")} of ${manyOf(entity)}`;
    })
    .join(" or ");

/** "rate_line" → "rate lines". */
const manyOf = (entity: Entity) => `${entity.replaceAll("_", " ").replace(/y$/, "ie")}s`;
