/** How the value of a field is written for people: dates, instants, yes and no, grouped figures. What it cannot place stays as it is. */
import { padRate, sayDate, sayInstant, sayNumber } from "./format.ts";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATES = /^\d{4}-\d{2}-\d{2}(, ?\d{4}-\d{2}-\d{2})+$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}/;
const DECIMAL = /^-?\d+(\.\d+)?$/;
/** Names of fields that hold money; a contract's number or a record's id has digits too, and is not grouped. */
const MONEY = /(^|_)(amount|cap|cost_over|difference|due|excess|total|worth|first_quarter|spread)$/;

/** A compared value, with every digit it has: the difference may be in the last one. */
export function sayValue(field: string, value: string): string {
  if (DATE.test(value)) return sayDate(value);
  if (INSTANT.test(value)) return sayInstant(value.replace(" ", "T"));
  if (DATES.test(value)) return value.split(/, ?/).map(sayDate).join(", ");
  if (/^is_/.test(field) && (value === "1" || value === "0")) return value === "1" ? "yes" : "no";
  if (!DECIMAL.test(value)) return value;
  if (MONEY.test(field)) return sayNumber(value, Math.max(2, places(value)));
  const padded = padRate(field, value) ?? value;
  return places(padded) > 0 ? sayNumber(padded, places(padded)) : padded;
}

/** A value that is only shown beside the compared ones: money to the cent. */
export function sayCarried(field: string, value: string): string {
  return DECIMAL.test(value) && MONEY.test(field) ? sayNumber(value, 2) : sayValue(field, value);
}

function places(value: string): number {
  return value.split(".")[1]?.length ?? 0;
}
