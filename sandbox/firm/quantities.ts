/** Decimal text from whole numbers of the smallest unit, so that the generator never touches floating point. */
import type { DecimalText } from "#core/decimal";

/** `hundredths(1250)` is `"12.50"`: cents of money, hundredths of an hour. */
export function hundredths(n: number): DecimalText {
  const whole = Math.trunc(Math.abs(n) / 100);
  const rest = String(Math.abs(n) % 100).padStart(2, "0");
  return `${n < 0 ? "-" : ""}${whole}.${rest}`;
}

/** The nearest multiple of `step`, for prices that people would write. */
export function roundTo(n: number, step: number): number {
  return Math.round(n / step) * step;
}
