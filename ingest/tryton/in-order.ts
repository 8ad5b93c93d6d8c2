/**
 * Answers with the members of every object in one order. The server gives them in an order of its own, another one after each restart,
 * and a record that only looks different would be stored anew.
 */
import { isObject } from "../payload.ts";

/** The same value with the members of every object in it sorted by name. */
export function inOrder<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inOrder) as T;
  if (!isObject(value)) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)])) as T;
}
