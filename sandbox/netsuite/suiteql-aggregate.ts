/** COUNT, SUM, MIN, MAX and AVG: a group is one of its rows standing for all, with the group's results beside it. */
import { add, divide } from "#core/decimal";
import {
  type Compiled,
  compileValue,
  converted,
  orderOf,
  type Scope,
  type Tuple,
} from "./suiteql-expression.ts";
import { badQuery, type Expr } from "./suiteql-syntax.ts";
import type { Value } from "./suiteql-value.ts";

export interface Aggregator {
  /** A scope in which aggregates compile; their values exist once `fold` has run. */
  scope: Scope;
  fold(tuples: readonly Tuple[], keys: readonly Compiled[], width: number): Tuple[];
}

type Reduce = (tuples: readonly Tuple[]) => Value;

export function aggregator(base: Scope): Aggregator {
  const reducers: Reduce[] = [];
  const results = new Map<Tuple, Value[]>();
  return {
    scope: {
      ...base,
      aggregate(call) {
        const { kind, reduce } = reducerOf(call, base);
        const at = reducers.push(reduce) - 1;
        return { kind, fixed: false, get: (t) => results.get(t)?.[at] ?? null };
      },
    },
    fold(tuples, keys, width) {
      const groups = new Map<string, Tuple[]>();
      for (const tuple of tuples) {
        const key = JSON.stringify(keys.map((k) => k.get(tuple)));
        const list = groups.get(key);
        if (list === undefined) groups.set(key, [tuple]);
        else list.push(tuple);
      }
      // Without GROUP BY there is one group even when there are no rows.
      if (keys.length === 0 && groups.size === 0) groups.set("", []);
      return [...groups.values()].map((members) => {
        const standsForAll: Tuple = [...(members[0] ?? new Array<null>(width).fill(null))];
        results.set(
          standsForAll,
          reducers.map((reduce) => reduce(members)),
        );
        return standsForAll;
      });
    },
  };
}

function reducerOf(call: Expr & { is: "call" }, scope: Scope): { kind: Compiled["kind"]; reduce: Reduce } {
  const [arg] = call.args;
  if (arg === undefined || call.args.length !== 1)
    throw badQuery(`Invalid number of arguments: ${call.name}.`);
  if (arg.is === "star") {
    if (call.name !== "COUNT") throw badQuery(`${call.name}(*) is not supported.`);
    return { kind: "id", reduce: (tuples) => tuples.length };
  }
  const given = compileValue(arg, scope);
  const isOrdered = call.name === "MIN" || call.name === "MAX";
  const value = call.name === "COUNT" || isOrdered ? given : converted(given, "number");
  const valuesOf = (tuples: readonly Tuple[]) => {
    const all = tuples.map((t) => value.get(t)).filter((v) => v !== null);
    return call.distinct ? [...new Set(all)] : all;
  };
  if (call.name === "COUNT") return { kind: "id", reduce: (tuples) => valuesOf(tuples).length };
  if (isOrdered) {
    const order = orderOf(value.kind);
    const sign = call.name === "MIN" ? -1 : 1;
    return {
      kind: value.kind,
      reduce: (tuples) =>
        valuesOf(tuples).reduce<Value>(
          (best, v) => (best === null || order(v, best) * sign > 0 ? v : best),
          null,
        ),
    };
  }
  return {
    kind: "number",
    reduce(tuples) {
      const all = valuesOf(tuples);
      if (all.length === 0) return null;
      const total = all.reduce<string>((sum, v) => add(sum, String(v)), "0");
      return call.name === "SUM" ? total : divide(total, String(all.length));
    },
  };
}
