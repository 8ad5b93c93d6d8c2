/** Stable ids. The same inputs give the same id for ever, so that repeating a command is harmless. */
import { createHash, randomUUID } from "node:crypto";

/** The first 32 hex digits (128 bits) of SHA-256 over the parts, length-prefixed so that no two lists collide. */
export function stableId(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const p of parts) hash.update(`${Buffer.byteLength(p)}:`).update(p);
  return hash.digest("hex").slice(0, 32);
}

/** SHA-256 as hex, for checksums and chained ledgers. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A fresh random id, for things that happen once (a sync, a run). */
export function newId(): string {
  return randomUUID();
}

/** An exception's identity: it survives runs and rule versions. */
export function exceptionId(rule: string, comparison: string, key: string, group: string): string {
  return stableId("exception", rule, comparison, key, group);
}
