/** The quick encoding of rows says the same as the schemas, or leaves the row to them. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { rowEncoder } from "#sql/encode";
import { chBool, chCount, chDate, chDecimal, chEnum, chInstant, chString, chUInt64 } from "#sql/query";
import { entityTable } from "#sql/tables";

const COLUMNS = {
  text: chString,
  flag: chBool,
  amount: chDecimal,
  maybe: chDecimal.nullable(),
  big: chUInt64,
  day: chDate,
  count: chCount,
  at: chInstant,
  word: chEnum(["a", "b"]),
};
const VALUES: readonly unknown[] = [
  "",
  "a",
  "c",
  "0",
  "-1.50",
  "1.",
  ".5",
  "1e3",
  "18446744073709551615",
  "2026-02-28",
  "2026-2-8",
  "2026-02-28T23:59:59.999Z",
  "2026-02-30T00:00:00.000Z",
  "2024-02-29T12:00:00.000Z",
  "2025-02-29T12:00:00.000Z",
  "2026-04-30T00:00:00.000Z",
  "2026-04-31T00:00:00.000Z",
  "2026-12-31T24:00:00.000Z",
  "2026-12-31T12:00:00Z",
  "2026-12-31T12:00:00.000+02:00",
  "2026-12-31 12:00:00.000",
  true,
  false,
  0,
  1,
  -7,
  1.5,
  Number.NaN,
  2 ** 53,
  null,
  undefined,
  [],
];

describe("the encoding of one column", () => {
  it.each(Object.entries(COLUMNS))("of %s takes what the schema takes, and as it does", (name, column) => {
    const shape = z.object({ [name]: column as z.ZodType });
    const encode = rowEncoder(shape);
    let taken = 0;
    for (const value of VALUES) {
      const quick = encode({ [name]: value });
      const slow = z.safeEncode(shape.strict(), { [name]: value } as never);
      if (quick === null) continue;
      taken++;
      expect(slow.success, String(value)).toBe(true);
      expect(quick).toEqual(slow.data);
    }
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(VALUES.length);
  });
});

describe("a row", () => {
  const encode = rowEncoder(z.object({ a: chString, b: chBool }));
  it("is left to the schema when it has a key too many or too few", () => {
    expect(encode({ a: "x", b: true })).toEqual({ a: "x", b: 1 });
    expect(encode({ a: "x", b: true, c: 1 })).toBeNull();
    expect(encode({ a: "x" })).toBeNull();
  });

  it("of a shape with a column of another kind is always left to the schema", () => {
    expect(rowEncoder(z.object({ a: z.array(chString) }))({ a: ["x"] })).toBeNull();
  });

  it("that is wrong is still refused in words", () => {
    const table = entityTable("customer");
    expect(() => table.write({ role: "crm" } as never)).toThrow(/customer: .*key/);
  });
});
