/** The address file: where the engine of a data directory listens and with which password; readable by its owner only. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Address = z.object({
  url: z.url(),
  user: z.string(),
  password: z.string(),
  pid: z.number().int().positive(),
  /** When it started, an Instant. */
  started: z.string(),
});
export type EngineAddress = z.infer<typeof Address>;

const fileOf = (dataDir: string) => join(dataDir, "engine.json");

/** The address last written, or null when there is none. It may belong to an engine that is gone. */
export function readAddress(dataDir: string): EngineAddress | null {
  try {
    return Address.parse(JSON.parse(readFileSync(fileOf(dataDir), "utf8")));
  } catch {
    // Missing or broken: whoever needs the engine starts one, and that one writes the file anew.
    return null;
  }
}

/** Written aside and renamed, so that nobody reads half of it. */
export function writeAddress(dataDir: string, address: EngineAddress): void {
  const aside = `${fileOf(dataDir)}.${address.pid}`;
  writeFileSync(aside, `${JSON.stringify(address, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, fileOf(dataDir));
}

/** Removes the file if it still names this engine. */
export function removeAddress(dataDir: string, pid: number): void {
  if (readAddress(dataDir)?.pid === pid) rmSync(fileOf(dataDir), { force: true });
}
