/** Prices on a price list are formulas. Those that stand for a price of their own or a share of the product's are understood exactly. */
import { type DecimalText, multiply, parseDecimal } from "#core/decimal";

export type Formula =
  | { kind: "price"; price: DecimalText }
  /** So much of the product's own price. */
  | { kind: "share"; factor: DecimalText }
  | { kind: "other" };

const NUMBER = /^\d+(\.\d*)?$|^\.\d+$/;
const SHARE = /^unit_price(?:\*(.+))?$/;
const SHARE_REVERSED = /^(.+)\*unit_price$/;

/** What a formula says: `165.00`, `unit_price`, `unit_price * 0.95`, `Decimal('165')`, or anything else. */
export function formulaOf(text: string): Formula {
  const tight = text.replace(/\s+/g, "").replace(/Decimal\((['"]?)([^'"()]*)\1\)/g, "$2");
  const price = number(tight);
  if (price !== null) return { kind: "price", price };
  const share = SHARE.exec(tight) ?? SHARE_REVERSED.exec(tight);
  const factor = share === null ? null : share[1] === undefined ? "1" : number(share[1]);
  return factor === null ? { kind: "other" } : { kind: "share", factor };
}

/** The price a formula gives for a product whose own price is `unitPrice`; null when it cannot be told. */
export function priceBy(formula: Formula, unitPrice: DecimalText | null): DecimalText | null {
  if (formula.kind === "price") return formula.price;
  return formula.kind === "share" && unitPrice !== null ? multiply(unitPrice, formula.factor) : null;
}

function number(text: string): DecimalText | null {
  return NUMBER.test(text) ? parseDecimal(text.replace(/^\./, "0.").replace(/\.$/, "")) : null;
}
