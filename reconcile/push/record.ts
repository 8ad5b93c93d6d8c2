/** The system of record: of the two sides of a comparison, the one whose value is right. A push corrects the other. */
import type { ComparisonSides, PlumblineConfig } from "#core/config";
import type { Role } from "#core/roles";
import { COMPARISONS } from "../comparisons/index.ts";

/** What the configuration can name a system of record for; for loadConfig. */
export const comparisonSides: ComparisonSides = Object.fromEntries(
  COMPARISONS.map((c) => [c.id, [c.left.role, c.right.role]]),
);

/** The role of the side that is right: the one configured, else the left one. Null when there is no such comparison. */
export function recordRole(config: Pick<PlumblineConfig, "systemOfRecord">, comparison: string): Role | null {
  return config.systemOfRecord[comparison] ?? comparisonSides[comparison]?.[0] ?? null;
}
