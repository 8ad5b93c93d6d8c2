/** Where to look: a query names ids or a stretch of time often enough that looking at every row would be the slow part. */
import type { Comparison } from "./conditions.ts";
import type { Test, Tree } from "./where.ts";

export interface Bounds {
  from: number;
  to: number;
}

const EVERYTHING: Bounds = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** The stretch of a date-time field outside which no row can satisfy the tree. */
export function timeBounds(tree: Tree, field: string, read: (test: Test) => Comparison): Bounds {
  switch (tree.kind) {
    case "not":
      return EVERYTHING;
    case "and":
      return tree.parts
        .map((p) => timeBounds(p, field, read))
        .reduce((a, b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }), EVERYTHING);
    case "or":
      return tree.parts
        .map((p) => timeBounds(p, field, read))
        .reduce((a, b) => ({ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }));
    case "test":
      return testBounds(tree.test, field, read);
  }
}

function testBounds(test: Test, field: string, read: (test: Test) => Comparison): Bounds {
  if (!("field" in test) || test.field?.toLowerCase() !== field.toLowerCase()) return EVERYTHING;
  const { operator, spans } = read(test);
  const [span] = spans;
  if (typeof span?.from !== "number" || typeof span.to !== "number") return EVERYTHING;
  switch (operator) {
    case "=":
      return { from: span.from, to: span.to };
    case ">":
    case ">=":
      return { from: span.from, to: Number.POSITIVE_INFINITY };
    case "<":
    case "<=":
      return { from: Number.NEGATIVE_INFINITY, to: span.to };
    default:
      return EVERYTHING;
  }
}

/** The only ids that can satisfy the tree, or null when it does not name any. */
export function namedIds(tree: Tree, read: (test: Test) => Comparison): readonly string[] | null {
  if (tree.kind === "and") {
    return tree.parts.map((p) => namedIds(p, read)).find((ids) => ids !== null) ?? null;
  }
  if (tree.kind !== "test" || !("field" in tree.test) || tree.test.field?.toLowerCase() !== "id") return null;
  const { operator, spans } = read(tree.test);
  if (operator !== "=" && operator !== "IN") return null;
  return [...new Set(spans.map((s) => s.from).filter((id) => typeof id === "string"))];
}
