import { Command } from "commander";
import { migrate } from "#sql/migrate";
import { openStore } from "#sql/store";
import { print } from "../output.ts";

/** `plumbline migrate`: bring the store's tables and views up to this version. */
export function migrateCommand(): Command {
  return new Command("migrate")
    .description("Create or upgrade the tables and views in the store")
    .option("--json", "print one JSON object")
    .action(async (options: { json?: boolean }) => {
      const store = await openStore();
      try {
        const { applied } = await migrate(store);
        print(options.json ?? false, { applied }, () =>
          applied.length === 0 ? ["The store is up to date."] : applied.map((m) => `applied ${m}`),
        );
      } finally {
        await store.close();
      }
    });
}
