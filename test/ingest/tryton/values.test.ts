import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equal, multiply } from "#core/decimal";
import { instantOf as instantAt } from "#core/time";
import { formulaOf, priceBy } from "#ingest/tryton/price-formula";
import {
  dateForm,
  dateOf,
  datetimeForm,
  decimalForm,
  decimalOf,
  durationForm,
  hoursOf,
  instantOf,
  microInstantOf,
} from "#ingest/tryton/values";

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.nat({ max: 8 }))
  .map(([digits, places]) => {
    const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, "0");
    const point = text.length - places;
    return `${digits < 0n ? "-" : ""}${text.slice(0, point)}${places > 0 ? `.${text.slice(point)}` : ""}`;
  });
const instants = fc.integer({ min: 0, max: 4_000_000_000_000 }).map(instantAt);

describe("Tryton's decimals", () => {
  it("come back as they went, whatever their scale", () => {
    fc.assert(
      fc.property(decimals, (text) => {
        const back = decimalOf(decimalForm(text));
        expect(back !== null && equal(back, text), `${text} came back as ${back}`).toBe(true);
      }),
    );
  });

  it("are read without their exponent", () => {
    const read = (decimal: string) => decimalOf({ __class__: "Decimal", decimal });
    expect(["0E-8", "1E+2", "1.50E-3", "-2.5e1", "12.3400"].map(read)).toEqual([
      "0",
      "100",
      "0.0015",
      "-25",
      "12.34",
    ]);
    fc.assert(
      fc.property(decimals, fc.integer({ min: -12, max: 12 }), (text, exponent) => {
        const power = exponent < 0 ? `0.${"0".repeat(-exponent - 1)}1` : `1${"0".repeat(exponent)}`;
        const found = read(`${text}E${exponent}`);
        expect(found !== null && equal(found, multiply(text, power)), `${text}E${exponent}: ${found}`).toBe(
          true,
        );
      }),
    );
  });

  it("are nothing when they are no number, or one that nothing costs", () => {
    const odd = ["NaN", "Infinity", "", "1,5", "1E999", "0x10"].map((decimal) => ({
      __class__: "Decimal",
      decimal,
    }));
    for (const value of [...odd, null, "165", {}, [], { __class__: "Decimal", decimal: 1 }])
      expect(decimalOf(value), JSON.stringify(value)).toBeNull();
    expect(decimalOf(44.5)).toBe("44.5");
  });
});

describe("Tryton's dates and times", () => {
  it("come back as they went", () => {
    fc.assert(
      fc.property(instants, (at) => {
        expect(instantOf(datetimeForm(at))).toBe(at);
        expect(dateOf(dateForm(at.slice(0, 10)))).toBe(at.slice(0, 10));
      }),
    );
  });

  it("keep microseconds, and sort as text", () => {
    const at = "2026-11-20T23:52:49.466350Z";
    expect(microInstantOf(datetimeForm(at))).toBe(at);
    expect(instantOf(datetimeForm(at))).toBe("2026-11-20T23:52:49.466Z");
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        const [x, y] = [microInstantOf(datetimeForm(a)) ?? "", microInstantOf(datetimeForm(b)) ?? ""];
        expect(x < y).toBe(Date.parse(a) < Date.parse(b));
      }),
    );
  });

  it("are nothing when there is no such day or time", () => {
    const form = dateForm("2026-11-20");
    for (const value of [
      null,
      "2026-11-20",
      { ...form, day: 31 },
      { ...form, month: 0 },
      { ...form, year: "2026" },
    ])
      expect(dateOf(value), JSON.stringify(value)).toBeNull();
    expect(instantOf({ ...datetimeForm("2026-11-20T00:00:00Z"), hour: 24 })).toBeNull();
    expect(instantOf(form)).toBeNull();
    expect(() => datetimeForm("2026-11-20 10:00")).toThrow(RangeError);
  });
});

describe("Tryton's durations", () => {
  it("come back as they went where they are whole seconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400 }), (quarters) => {
        const hours = multiply(String(quarters), "0.25");
        const back = hoursOf(durationForm(hours));
        expect(back !== null && equal(back, hours)).toBe(true);
      }),
    );
  });

  it("are not made of hours that are no whole seconds", () => {
    expect(durationForm("0.3333")).toBeNull();
    expect(durationForm("0.0025")).toEqual({ __class__: "timedelta", seconds: 9 });
  });

  it("are read with a fraction of a second, and are nothing otherwise", () => {
    expect(hoursOf({ __class__: "timedelta", seconds: 27000.0 })).toBe("7.5");
    expect(hoursOf({ __class__: "timedelta", seconds: 1.8 })).toBe("0.0005");
    for (const value of [27000, null, { __class__: "timedelta", seconds: "27000" }])
      expect(hoursOf(value)).toBeNull();
  });
});

describe("price formulas", () => {
  it("are told exactly where they are a price or a share of one", () => {
    expect(priceBy(formulaOf("165.00"), null)).toBe("165");
    expect(priceBy(formulaOf("unit_price"), "180")).toBe("180");
    expect(priceBy(formulaOf("unit_price * 0.95"), "180")).toBe("171");
    expect(priceBy(formulaOf(" 1.1*unit_price "), "180")).toBe("198");
    expect(priceBy(formulaOf("unit_price * Decimal('0.95')"), "180")).toBe("171");
    fc.assert(
      fc.property(decimals, decimals, (price, factor) => {
        fc.pre(!price.startsWith("-") && !factor.startsWith("-"));
        const found = priceBy(formulaOf(`unit_price * ${factor}`), price);
        expect(found !== null && equal(found, multiply(price, factor))).toBe(true);
      }),
    );
  });

  it("are not guessed otherwise", () => {
    for (const text of [
      "",
      "-1.5",
      "unit_price + 5",
      "unit_price * unit_price",
      "cost_price * 2",
      "1e3",
      "unit_price*",
    ])
      expect(formulaOf(text), text).toEqual({ kind: "other" });
    expect(priceBy(formulaOf("unit_price"), null)).toBeNull();
  });
});
