/**
 * Setting a price: that of a project or task, or that of a line of a price list. Only work that is not invoiced yet is priced with it;
 * invoices keep what they were written with.
 */
import { compare, type DecimalText, divide, multiply, parseDecimal } from "#core/decimal";
import type { Change } from "../connector.ts";
import { newValue } from "../push-outcome.ts";
import type { Row, Server } from "./client.ts";
import { formulaOf, priceBy } from "./price-formula.ts";
import { valueAt } from "./record.ts";
import {
  expected,
  type Held,
  hasField,
  type Plan,
  type RecordWriter,
  rejected,
  rowOf,
  rowsOf,
  snapshotOf,
  stampOf,
  textAt,
  unsupported,
  updatePlan,
} from "./record-writer.ts";
import { decimalForm, decimalOf } from "./values.ts";
import { WORK } from "./write-work.ts";

const LINE = "product.price_list.line";

export function rateWriter(server: Server): RecordWriter {
  return {
    actions: ["update"],
    async read(target, fields) {
      const place = placeOf(target.nativeId);
      return snapshotOf(place === null ? null : await place.look(server, place.id), fields);
    },
    async plan(change) {
      const place = placeOf(change.target.nativeId);
      if (place === null)
        return rejected(
          "plumbline.unsupported",
          `${change.target.nativeId ?? "This"} is no price that Plumbline sets in ${server.name}: prices of sales are agreed, not corrected.`,
        );
      return (
        unsupported(change, ["rate"]) ??
        updatePlan(
          server,
          change,
          "The price",
          () => place.look(server, place.id),
          (held) => stepOf(server, place, change, held),
        )
      );
    },
  };
}

interface Place {
  id: number;
  model: string;
  look(server: Server, id: number): Promise<HeldPrice | null>;
  /** What is written for a price. */
  valuesOf(price: DecimalText): Row;
}

interface HeldPrice extends Held {
  /** Hours in the unit that is priced. */
  hours: DecimalText;
}

/** `work:6` is the price of a project or task, `line:3` that of a price list's line. */
function placeOf(nativeId: string | null): Place | null {
  const m = /^(work|line):([1-9]\d{0,14})$/.exec(nativeId ?? "");
  if (!m) return null;
  const id = Number(m[2]);
  return m[1] === "work"
    ? { id, model: WORK, look: lookAtWork, valuesOf: (price) => ({ list_price: decimalForm(price) }) }
    : { id, model: LINE, look: lookAtLine, valuesOf: (price) => ({ formula: price }) };
}

function stepOf(server: Server, place: Place, change: Change, held: Held): Plan {
  const rate = parseDecimal(newValue(change, "rate"));
  if (rate === null || rate.startsWith("-"))
    return rejected(
      "plumbline.incomplete",
      `No price can be set in ${server.name} to nothing or below zero.`,
    );
  return {
    step: {
      model: place.model,
      method: "write",
      args: [[place.id], place.valuesOf(multiply(rate, (held as HeldPrice).hours))],
      stamps: held.stamps,
      look: () => place.look(server, place.id),
      expect: expected(change),
    },
  };
}

async function lookAtWork(server: Server, id: number): Promise<HeldPrice | null> {
  const row = await rowOf(
    server,
    WORK,
    [["id", "=", id]],
    ["name", "list_price", "product.default_uom.rec_name", "product.default_uom.category.id"],
  );
  if (row === null) return null;
  const category = valueAt(row, "product.default_uom.category.id");
  const isHourly = typeof category === "number" && category === (await timeCategory(server));
  return {
    nativeId: `work:${id}`,
    values: { rate: decimalOf(row.list_price) },
    stamps: stampOf(WORK, row),
    // A work's price is that of an hour, whatever unit its product is sold in.
    hours: "1",
    locked: isHourly
      ? null
      : `${textAt(row, "name")} is not priced by time in ${server.name}${typeof category === "number" ? ` but by ${textAt(row, "product.default_uom.rec_name")}` : ", because it has no product"}, so its price is not a rate.`,
  };
}

/** The category of units of time, by the name its module gave it: people rename categories. */
async function timeCategory(server: Server): Promise<unknown> {
  const row = await rowOf(
    server,
    "ir.model.data",
    [
      ["module", "=", "product"],
      ["fs_id", "=", "uom_cat_time"],
    ],
    ["db_id"],
  );
  return row?.db_id ?? null;
}

async function lookAtLine(server: Server, id: number): Promise<HeldPrice | null> {
  const row = await rowOf(
    server,
    LINE,
    [["id", "=", id]],
    [
      "formula",
      "price_list",
      "price_list.name",
      "price_list.active",
      "price_list.tax_included",
      "product.list_price",
      "product.default_uom.factor",
    ],
  );
  if (row === null) return null;
  const list = textAt(row, "price_list.name");
  const text = textAt(row, "formula");
  const formula = formulaOf(text);
  // A price list prices the product's unit; its factor is its length in hours.
  const hours = decimalOf(valueAt(row, "product.default_uom.factor")) ?? "1";
  const price = priceBy(formula, decimalOf(valueAt(row, "product.list_price")));
  return {
    nativeId: `line:${id}`,
    values: { rate: price === null || compare(hours, "0") <= 0 ? null : divide(price, hours) },
    stamps: stampOf(LINE, row),
    hours,
    locked:
      valueAt(row, "price_list.active") === false
        ? `The price list ${list} is no longer in use in ${server.name}.`
        : valueAt(row, "price_list.tax_included") === true
          ? `The prices on ${list} in ${server.name} include tax, so they are not set to a rate.`
          : formula.kind !== "price"
            ? `This price follows from the formula "${text}" on the price list ${list} in ${server.name}. Change the formula, or the product's own price, there.`
            : await shared(server, row.price_list, list),
  };
}

/** A price list that holds for several customers: its price is changed by a person who has all of them in view. */
async function shared(server: Server, list: unknown, name: string): Promise<string | null> {
  if (!(await hasField(server, "party.party", "sale_price_list"))) return null;
  // Which price list a party has can be read and not searched for.
  const parties = await rowsOf(server, "party.party", [], ["name", "sale_price_list"]);
  const users = parties.filter((p) => p.sale_price_list === list).map((p) => textAt(p, "name"));
  return users.length < 2
    ? null
    : `The price list ${name} holds for ${users.slice(0, 5).join(", ")}${users.length > 5 ? ` and ${users.length - 5} more` : ""} in ${server.name}, so this price would change for all of them. Give the customer a price list of its own, or change the price there.`;
}
