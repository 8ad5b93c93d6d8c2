/**
 * Services as roles: a product billed by time stands for a role, and a price per unit of time is a price per hour. Products that are
 * not billed by time stand for nothing here.
 */
import { compare, type DecimalText, divide } from "#core/decimal";
import { reject } from "../payload.ts";
import type { Row } from "./client.ts";
import type { Reading } from "./model-stream.ts";
import type { TrytonRecord } from "./record.ts";

/** The member of a payload that holds the id of the category of units of time. */
export const TIME_CATEGORY = "time_category";

/** Fields to read under the path of a product, so that its role is known. */
export function productFields(path: string, roleName: string): string[] {
  return [`${path}.${roleName}`, `${path}.default_uom.category`, `${path}.default_uom.factor`];
}

/** Records whose renaming changes a role: the product, and whatever the role's name is read from. */
export function productRelated(path: string, roleName: string): string[] {
  const steps = roleName.split(".").slice(0, -1);
  return ["", ...steps.map((_, n) => `.${steps.slice(0, n + 1).join(".")}`)].map((tail) => path + tail);
}

/** The rows with what says which products are billed by time. */
export async function withTimeCategory(rows: readonly Row[], reading: Reading): Promise<Row[]> {
  let known = reading.memory.get(TIME_CATEGORY);
  if (known === undefined) {
    const found = await reading.find(
      "ir.model.data",
      [
        ["model", "=", "product.uom.category"],
        ["fs_id", "=", "uom_cat_time"],
      ],
      ["db_id"],
    );
    known = typeof found[0]?.db_id === "number" ? found[0].db_id : null;
    reading.memory.set(TIME_CATEGORY, known);
  }
  return rows.map((row) => ({ ...row, [TIME_CATEGORY]: known }));
}

/** The role a product stands for; null when there is no product or it is not billed by time. */
export function roleOf(
  record: TrytonRecord,
  product: string,
  roleName: string,
  timeCategory: unknown,
): string | null {
  const category = record.raw(`${product}.default_uom.category`);
  if (typeof timeCategory !== "number" || category !== timeCategory) return null;
  return record.text(`${product}.${roleName}`) || null;
}

/** What an hour costs when one of the unit at `path` costs `price`; the unit's factor is its length in hours. */
export function perHour(record: TrytonRecord, path: string, price: DecimalText): DecimalText {
  const hours = record.decimal(`${path}.factor`) ?? "1";
  if (compare(hours, "0") <= 0) reject("out-of-range", `${path}.factor holds ${hours}; a unit has a length.`);
  return divide(price, hours);
}

/** A price as a rate; a rate is not negative. */
export function rateOf(price: DecimalText | null, what: string): DecimalText {
  if (price === null) return reject("bad-number", `${what} is empty.`);
  if (compare(price, "0") < 0) reject("out-of-range", `${what} holds ${price}; a rate is not negative.`);
  return price;
}
