/**
 * A copy of the project in which rules are broken one at a time, so that the product itself has no place where a test could reach in.
 * The two index files of the catalogue are wrapped: what `mutated.ts` names takes the place of what is there.
 */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Mutation } from "./mutations.ts";

/** What is made, fetched or kept by a checkout, and no part of the project. */
const LEFT_OUT = new Set(["node_modules", ".git", "build", "dist", "data"]);

export interface Scratch {
  readonly dir: string;
  /** Breaks it; undefined puts everything as it was. */
  apply(mutation: Mutation | undefined): void;
  remove(): void;
}

/** Copies the project at `root`; its packages are linked, not copied. */
export function openScratch(root: string): Scratch {
  const dir = mkdtempSync(join(tmpdir(), "plumbline-mutation-"));
  for (const name of readdirSync(root))
    if (!LEFT_OUT.has(name)) cpSync(join(root, name), join(dir, name), { recursive: true });
  symlinkSync(resolve(root, "node_modules"), join(dir, "node_modules"));
  wrap(
    join(dir, "reconcile/rules"),
    `export * from "./as-written.ts";
import { type Rule, checkCatalogue } from "../rule.ts";
import { COMPARISONS } from "../comparisons/index.ts";
import { RULES as WRITTEN } from "./as-written.ts";
import { rules } from "../mutated.ts";
const broken = new Map((rules as unknown as readonly Rule[]).map((r) => [r.id, r]));
export const RULES: readonly Rule[] = WRITTEN.map((r) => broken.get(r.id) ?? r);
checkCatalogue(RULES, COMPARISONS);
export const ruleById = (id: string): Rule | undefined => RULES.find((r) => r.id === id);
`,
  );
  wrap(
    join(dir, "reconcile/comparisons"),
    `export * from "./as-written.ts";
import type { Comparison } from "../comparison.ts";
import { COMPARISONS as WRITTEN } from "./as-written.ts";
import { comparison } from "../mutated.ts";
export const COMPARISONS: readonly Comparison[] = WRITTEN.map((c) =>
  c.id === (comparison as Comparison | null)?.id ? (comparison as unknown as Comparison) : c,
);
`,
  );
  const views = join(dir, "sql/views");
  let broken: string | undefined;
  const scratch: Scratch = {
    dir,
    apply(mutation) {
      const { rules = [], comparison = null, view } = mutation?.with ?? {};
      writeFileSync(
        join(dir, "reconcile/mutated.ts"),
        `export const rules = ${JSON.stringify(rules)};\nexport const comparison = ${JSON.stringify(comparison)};\n`,
      );
      if (broken !== undefined)
        writeFileSync(join(views, broken), readFileSync(join(root, "sql/views", broken), "utf8"));
      broken = view?.file;
      if (view) writeFileSync(join(views, view.file), view.sql);
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
  scratch.apply(undefined);
  return scratch;
}

function wrap(folder: string, text: string): void {
  renameSync(join(folder, "index.ts"), join(folder, "as-written.ts"));
  writeFileSync(join(folder, "index.ts"), text);
}
