/** The import rules, executable: arrows point one way, and each dangerous thing has one place. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { vendors } from "#ingest/registry";

const FOLDERS = ["core", "sql", "ingest", "reconcile", "app", "sandbox"] as const;
type Folder = (typeof FOLDERS)[number];

/** What each folder may import besides itself. */
const MAY_IMPORT: Record<Folder, readonly Folder[]> = {
  core: [],
  sql: ["core"],
  ingest: ["core", "sql"],
  reconcile: ["core", "sql", "ingest"],
  app: ["core", "sql", "ingest", "reconcile"],
  sandbox: ["core"],
};

interface Import {
  file: string;
  from: Folder;
  /** A path from the project's root without extension, or a package's name. */
  target: string;
}

const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((f) => /\.tsx?$/.test(f))
    .map((f) => `${folder}/${f}`),
);
const sources = new Map(files.map((f) => [f, readFileSync(f, "utf8")]));

function importsOf(file: string, text: string): Import[] {
  const found = text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+)["']([^"']+)["']/g);
  return [...found].map((m) => {
    const spec = m[1] ?? "";
    const target = spec.startsWith("#")
      ? spec.slice(1)
      : spec.startsWith(".")
        ? normalize(join(dirname(file), spec)).replace(/\.tsx?$/, "")
        : spec;
    return { file, from: file.split("/")[0] as Folder, target };
  });
}

const imports = files.flatMap((f) => importsOf(f, sources.get(f) ?? ""));
/** The folders of ingest/ that are a connector; others there are shared by several. */
const connectors = readdirSync("ingest", { withFileTypes: true })
  .filter((f) => f.isDirectory() && sources.has(`ingest/${f.name}/index.ts`))
  .map((f) => f.name);
const folderOf = (target: string) => FOLDERS.find((f) => target.startsWith(`${f}/`));
const say = (list: readonly Import[]) => list.map((i) => `${i.file} imports ${i.target}`);

describe("the architecture", () => {
  it("has files to look at in every folder", () => {
    for (const folder of FOLDERS) expect(files.some((f) => f.startsWith(`${folder}/`))).toBe(true);
    expect(imports.length).toBeGreaterThan(200);
  });

  it("lets imports point one way only", () => {
    const wrong = imports.filter((i) => {
      const to = folderOf(i.target);
      return to !== undefined && to !== i.from && !MAY_IMPORT[i.from].includes(to);
    });
    expect(say(wrong)).toEqual([]);
  });

  it("keeps tests out of the product", () => {
    expect(say(imports.filter((i) => i.target.startsWith("test/") || i.target.startsWith("#test")))).toEqual(
      [],
    );
  });

  it("shows reconcile only the contract and the registry of ingest", () => {
    const wrong = imports.filter(
      (i) =>
        i.from === "reconcile" &&
        i.target.startsWith("ingest/") &&
        !["ingest/connector", "ingest/registry"].includes(i.target),
    );
    expect(say(wrong)).toEqual([]);
  });

  it("has a folder for each connector there is, and none that is not in the registry", () => {
    expect(connectors.toSorted()).toEqual(vendors.map((v) => v.vendor).toSorted());
  });

  it("keeps vendor folders apart from each other", () => {
    const vendor = (path: string) => connectors.find((name) => path.startsWith(`ingest/${name}/`));
    const wrong = imports.filter((i) => {
      const [a, b] = [vendor(i.file), vendor(i.target)];
      return a !== undefined && b !== undefined && a !== b;
    });
    expect(say(wrong)).toEqual([]);
  });

  it("gives each dangerous thing one place", () => {
    const only = (pattern: RegExp, allowed: (file: string) => boolean) =>
      [...sources].filter(([f, text]) => pattern.test(text) && !allowed(f)).map(([f]) => f);
    const product = (f: string) => !f.startsWith("sandbox/");
    const client = imports.filter((i) => i.target === "@clickhouse/client" && i.file !== "sql/store.ts");
    expect(say(client)).toEqual([]);
    const engine = new Set(
      imports.filter((i) => i.target === "chdb" || i.target.startsWith("chdb/")).map((i) => i.file),
    );
    expect(engine.size).toBeLessThanOrEqual(1);
    for (const f of engine) expect(f).toMatch(/^sql\/engine\//);
    expect(
      only(/process\.env\b/, (f) => f === "core/env.ts" || f === "app/cli/demo.ts" || !product(f)),
    ).toEqual([]);
    expect(only(/Date\.now\(|new Date\(\)/, (f) => f === "core/time.ts")).toEqual([]);
    expect(
      only(/\bwriter\.write\(/, (f) => f === "reconcile/push/execute.ts" || f.startsWith("ingest/")),
    ).toEqual([]);
  });

  it("names vendors only where vendors live", () => {
    // By their names, and by a mark one of them puts on its own field names.
    const names = new RegExp([...vendors.flatMap((v) => [v.vendor, v.label]), "pse__"].join("|"), "i");
    const naming = (folder: string) =>
      [...sources].filter(([f, text]) => f.startsWith(folder) && names.test(text)).map(([f]) => f);
    expect(naming("reconcile/")).toEqual([]);
    // The names are there to be found.
    expect(naming("ingest/").length).toBeGreaterThan(vendors.length);
  });

  it("keeps money, hours and rates away from floating point", () => {
    const wrong = [...sources].filter(
      ([f, text]) =>
        // A bar's width is drawn, never shown.
        f !== "app/components/bar.tsx" &&
        !f.startsWith("sandbox/") &&
        /parseFloat\(|\bNumber\([^)]*(amount|rate|hours|money|price)/i.test(text),
    );
    expect(wrong.map(([f]) => f)).toEqual([]);
  });
});
