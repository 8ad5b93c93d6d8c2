/** Where the project lies: the same answer under tsx, a Vite bundle, an esbuild bundle and vitest. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InvariantError } from "#core/errors";

let root: string | undefined;

/** The folder with Plumbline's package.json, looked for upwards from this file and then from the working directory. */
export function projectRoot(): string {
  root ??= above(dirname(fileURLToPath(import.meta.url))) ?? above(process.cwd());
  if (root !== undefined) return root;
  throw new InvariantError("sql.no-project", "Cannot find Plumbline's own files", {
    userMessage:
      "Plumbline cannot find its own files (package.json and the sql folder). Start it from the folder it was installed in.",
  });
}

/** The folder with migrations, views and queries; it is shipped beside a build. */
export function sqlDir(): string {
  return join(projectRoot(), "sql");
}

function above(start: string): string | undefined {
  for (let dir = start; ; dir = dirname(dir)) {
    const manifest = join(dir, "package.json");
    if (
      existsSync(manifest) &&
      (JSON.parse(readFileSync(manifest, "utf8")) as { name?: string }).name === "plumbline"
    )
      return dir;
    if (dirname(dir) === dir) return undefined;
  }
}
