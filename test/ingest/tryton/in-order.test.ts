import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder } from "#ingest/tryton/in-order";

/** The members of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, turned(v)]),
  );
}

describe("an answer in order", () => {
  it("is the same value, and the same text whatever order its members came in", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const parsed: unknown = JSON.parse(text);
        expect(inOrder(parsed)).toEqual(parsed);
        expect(JSON.stringify(inOrder(turned(parsed)))).toBe(JSON.stringify(inOrder(parsed)));
      }),
    );
  });
});
