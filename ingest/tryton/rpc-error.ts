/**
 * What the vendor says when it will not do something. Refusals come with HTTP status 200 and an `error` list whose first item is the
 * kind; trouble at the door comes as a status with a page of HTML.
 */
import { isObject } from "../payload.ts";

export interface RpcError {
  /**
   * `user`: a rule or a right forbids it; `warning`: it wants a person's confirmation; `conflict`: the record was changed meanwhile;
   * `bug`: something the vendor did not foresee, such as a name that does not exist.
   */
  kind: "user" | "warning" | "conflict" | "bug";
  /** In the vendor's own words. */
  message: string;
}

/** The error an answer's body tells of; null when it tells of none. */
export function rpcErrorOf(body: unknown): RpcError | null {
  if (!isObject(body) || body.error === undefined || body.error === null) return null;
  const { error } = body;
  if (!Array.isArray(error)) return { kind: "bug", message: said(error) };
  const [name, detail] = error as unknown[];
  const parts: readonly unknown[] = Array.isArray(detail) ? detail : [detail];
  if (name === "UserError") return { kind: "user", message: sentences(parts[0], parts[1]) };
  // The first part is the warning's own name, which a client would use to say "yes, go on".
  if (name === "UserWarning") return { kind: "warning", message: sentences(parts[1], parts[2]) };
  if (name === "ConcurrencyException") return { kind: "conflict", message: sentences(parts[0]) };
  return { kind: "bug", message: said(name) };
}

/** The name that a lookup on the server did not find (`'nope'`), when that is what went wrong; null otherwise. */
export function unknownName(error: RpcError): string | null {
  return error.kind === "bug" ? (/^'([A-Za-z0-9_.,: -]+)'$/.exec(error.message)?.[1] ?? null) : null;
}

function sentences(...parts: readonly unknown[]): string {
  return parts
    .filter((p): p is string => typeof p === "string" && p.trim() !== "")
    .map((p) => p.replace(/\s+/g, " ").trim())
    .join(" ");
}

function said(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.trim() === "" ? "an error without words" : text;
}
