import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clockFromHours, compare, fixed, hoursFromClock, multiply, parseDecimal, sum } from "#core/decimal";

describe("decimals", () => {
  it("reads a vendor's number exactly as it was sent", () => {
    expect(parseDecimal(0.1)).toBe("0.1");
    expect(parseDecimal("225.0000")).toBe("225");
    expect(parseDecimal("-3.50")).toBe("-3.5");
  });

  it("refuses what is not a plain number", () => {
    for (const bad of [
      "",
      "abc",
      "1e5",
      "1,200.00",
      " ",
      "12.",
      Number.NaN,
      Number.POSITIVE_INFINITY,
      null,
      undefined,
      {},
      true,
    ])
      expect(parseDecimal(bad)).toBeNull();
  });

  it("does not drift where floating point does", () => {
    expect(sum(["0.1", "0.2"])).toBe("0.3");
    expect(multiply("7.5", "225.10")).toBe("1688.25");
    expect(compare("1.10", "1.1")).toBe(0);
    expect(fixed("1.005", 2)).toBe("1.01");
  });

  it("adds up cents exactly, whatever the order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 })), (cents) => {
        const text = cents.map(
          (c) =>
            `${c < 0 ? "-" : ""}${Math.trunc(Math.abs(c) / 100)}.${String(Math.abs(c) % 100).padStart(2, "0")}`,
        );
        const total = cents.reduce((a, b) => a + b, 0);
        expect(compare(multiply(sum(text), "100"), String(total))).toBe(0);
        expect(sum([...text].reverse())).toBe(sum(text));
      }),
    );
  });

  it("turns a clock duration into hours and back", () => {
    expect(hoursFromClock("7:30")).toBe("7.5");
    expect(hoursFromClock("-0:15")).toBe("-0.25");
    expect(hoursFromClock("7:60")).toBeNull();
    expect(hoursFromClock("7.5")).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 24 * 60 }), (minutes) => {
        const text = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
        expect(clockFromHours(hoursFromClock(text) ?? "")).toBe(text);
      }),
    );
  });
});

it("writes the smallest and largest numbers out, never with an exponent", () => {
  for (const value of [5e-324, 1e-7, 1.7976931348623157e308, -1e-41])
    expect(parseDecimal(value)).toMatch(/^-?\d+(\.\d+)?$/);
  expect(parseDecimal(1e-7)).toBe("0.0000001");
});
