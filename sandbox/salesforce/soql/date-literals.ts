/** Date literals such as TODAY and LAST_N_DAYS:7: each is a range of whole days in UTC. */
import { addDays, instantOf } from "#core/time";
import { badRequest } from "../vendor-error.ts";

/** The first and last day the literal covers. */
export function literalDays(literal: string, now: number): { first: string; last: string } {
  const today = instantOf(now).slice(0, 10);
  const day = (offset: number) => ({ first: addDays(today, offset), last: addDays(today, offset) });
  const [name, count] = literal.toUpperCase().split(":");
  const n = Number(count);
  switch (name) {
    case "YESTERDAY":
      return day(-1);
    case "TODAY":
      return day(0);
    case "TOMORROW":
      return day(1);
    case "LAST_MONTH":
      return month(today, -1);
    case "THIS_MONTH":
      return month(today, 0);
    case "NEXT_MONTH":
      return month(today, 1);
    case "LAST_N_DAYS":
      return { first: addDays(today, -n), last: today };
    case "NEXT_N_DAYS":
      return { first: addDays(today, 1), last: addDays(today, n) };
    case "N_DAYS_AGO":
      return day(-n);
    default:
      throw badRequest("MALFORMED_QUERY", `unexpected token: '${literal}'`);
  }
}

function month(today: string, offset: number): { first: string; last: string } {
  const [year, number] = [Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1];
  const first = instantOf(Date.UTC(year, number + offset, 1)).slice(0, 10);
  return { first, last: addDays(instantOf(Date.UTC(year, number + offset + 1, 1)).slice(0, 10), -1) };
}
