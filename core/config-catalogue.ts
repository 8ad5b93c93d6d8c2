/** The parts of the configuration that name comparisons and rules, checked against those there are. */
import type { ComparisonSides, PlumblineConfig, RuleKnobs } from "./config.ts";
import { parseDecimal } from "./decimal.ts";

interface Issue {
  path: readonly PropertyKey[];
  message: string;
}

/** Mistakes in `systemOfRecord`: unknown comparisons and fields, roles that are no side, and lines that contradict each other. */
export function recordIssues(
  matrix: PlumblineConfig["systemOfRecord"],
  comparisons: ComparisonSides,
): Issue[] {
  return Object.entries(matrix).flatMap(([comparison, entry]): Issue[] => {
    const path = ["systemOfRecord", comparison];
    const known = Object.hasOwn(comparisons, comparison) ? comparisons[comparison] : undefined;
    if (!known)
      return [
        {
          path,
          message: `There is no comparison "${comparison}". The comparisons are: ${Object.keys(comparisons).join(", ")}.`,
        },
      ];
    const wrongRole = (role: string, at: readonly PropertyKey[]): Issue[] =>
      known.roles.some((r) => r === role)
        ? []
        : [
            {
              path: at,
              message: `"${comparison}" does not compare the ${role}. Name one of its sides: ${known.roles.join(" or ")}.`,
            },
          ];
    if (typeof entry === "string") return wrongRole(entry, path);
    const seen = new Set<string>();
    return entry.flatMap((line, n) => {
      const at = [...path, n];
      const issues = wrongRole(line.role, [...at, "role"]);
      if (line.field !== undefined && !known.fields.includes(line.field))
        issues.push({
          path: [...at, "field"],
          message: `"${comparison}" does not compare "${line.field}". Its fields are: ${known.fields.join(", ")}.`,
        });
      const scope = JSON.stringify([line.field ?? "", line.entity ?? "", line.from ?? ""]);
      if (seen.has(scope))
        issues.push({
          path: at,
          message: "An earlier line says the same field, entity and first day. Keep one of them.",
        });
      seen.add(scope);
      return issues;
    });
  });
}

/** Legal entities that are named although no source has them; nothing is said where no source maps its own. */
export function entityIssues(
  config: Pick<PlumblineConfig, "sources" | "systemOfRecord" | "reconcile">,
): Issue[] {
  const known = new Set(config.sources.flatMap((s) => Object.values(s.legalEntities)));
  if (known.size === 0) return [];
  const named: [string, readonly PropertyKey[]][] = Object.entries(config.systemOfRecord).flatMap(
    ([comparison, entry]) =>
      typeof entry === "string"
        ? []
        : entry.flatMap((line, n): [string, readonly PropertyKey[]][] =>
            line.entity === undefined ? [] : [[line.entity, ["systemOfRecord", comparison, n, "entity"]]],
          ),
  );
  for (const entity of Object.keys(config.reconcile.escalation?.money ?? {}))
    if (entity !== "default") named.push([entity, ["reconcile", "escalation", "money", entity]]);
  return named
    .filter(([entity]) => !known.has(entity))
    .map(([entity, path]) => ({
      path,
      message: `No source has the legal entity "${entity}". Known: ${[...known].sort().join(", ")}.`,
    }));
}

/** Mistakes in `rules`: unknown or fixed rules, and tolerances of fields that have none. */
export function ruleIssues(rules: PlumblineConfig["rules"], knobs: RuleKnobs): Issue[] {
  return Object.entries(rules).flatMap(([id, change]): Issue[] => {
    const path = ["rules", id];
    if (!Object.hasOwn(knobs, id))
      return [
        { path, message: `There is no rule "${id}". The rules are: ${Object.keys(knobs).join(", ")}.` },
      ];
    const own = knobs[id] ?? null;
    if (own === null)
      return [
        {
          path,
          message: `${id} guards what every other rule concludes and cannot be changed. Remove it here.`,
        },
      ];
    return Object.entries(change.tolerance ?? {}).flatMap(([field, value]): Issue[] => {
      const at = [...path, "tolerance", field];
      const knob = own.find((k) => k.field === field);
      if (!knob)
        return [
          {
            path: at,
            message:
              own.length === 0
                ? `${id} compares nothing that may differ a little. Remove the tolerance.`
                : `${id} has no tolerance on "${field}". It has one on: ${own.map((k) => k.field).join(", ")}.`,
          },
        ];
      return knob.isDays && (parseDecimal(value)?.includes(".") ?? true)
        ? [{ path: at, message: `"${field}" is a date: write whole days, such as "2".` }]
        : [];
    });
  });
}
