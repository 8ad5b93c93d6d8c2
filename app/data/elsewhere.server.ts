/** Fields that differ but are another rule's to claim: saying "agrees" of them would be wrong. */
import { abs, compare } from "#core/decimal";
import type { Field } from "#reconcile/comparison";
import type { Evidence } from "#reconcile/evidence";
import { comparisonById } from "#reconcile/explain";

type Shown = Evidence["fields"][number];

/** The names of the fields that differ by more than they may, though the exception is not about them. */
export function differingElsewhere(evidence: Evidence): string[] {
  const fields = comparisonById(evidence.comparison)?.fields ?? [];
  return evidence.fields
    .filter((shown) => !shown.differs && !shown.waiting)
    .filter((shown) => fields.some((f) => f.name === shown.name && differs(f, shown)))
    .map((shown) => shown.name);
}

function differs(field: Field, { left, right, delta }: Shown): boolean {
  if (left === null || right === null || left === right) return false;
  if (field.emptyAgrees && (left === "" || right === "")) return false;
  if (field.as === "attribute") return plain(field, left) !== plain(field, right);
  // A bound in percent was judged against more than is kept here.
  if (field.tolerancePct !== undefined || delta === null) return false;
  return compare(abs(delta), field.tolerance ?? "0") > 0;
}

function plain(field: Field, text: string): string {
  if (field.normalise === undefined) return text;
  const kept = text.trim().toLowerCase();
  return field.normalise === "name" ? kept.normalize("NFKC").replace(/\s+/g, " ") : kept;
}
