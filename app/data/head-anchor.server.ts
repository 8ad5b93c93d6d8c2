/** The push ledger's newest head, noted beside the store, so that a cut-off tail shows. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { HeadAnchor } from "#reconcile/push/ledger";

const Anchor = z.object({ rows: z.number().int(), head: z.string() });

export function headAnchor(dataDir: string): HeadAnchor {
  const path = join(dataDir, "ledger.head");
  return {
    read() {
      try {
        return Anchor.parse(JSON.parse(readFileSync(path, "utf8")));
      } catch {
        // No note yet, or one that was half written when the machine stopped: the chain itself is still checked.
        return null;
      }
    },
    write(anchor) {
      mkdirSync(dataDir, { recursive: true });
      writeFileSync(`${path}.new`, JSON.stringify(anchor));
      renameSync(`${path}.new`, path);
    },
  };
}
