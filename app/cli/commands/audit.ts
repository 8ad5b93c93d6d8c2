import { Command } from "commander";
import { env } from "#core/env";
import { verifyLedger } from "#reconcile/push/ledger";
import { headAnchor } from "../../data/head-anchor.server.ts";
import { withStore } from "../context.ts";
import { EXIT, print } from "../output.ts";

/** `plumbline audit verify`: recompute the push ledger's chain. */
export function auditCommand(done: (code: number) => void): Command {
  const verify = new Command("verify")
    .description("Prove that no row of the push ledger was changed, removed or cut off")
    .option("--json", "print one JSON object")
    .action(async (options: { json?: boolean }) => {
      const check = await withStore((store) => verifyLedger(store, headAnchor(env.PLUMBLINE_DATA)));
      print(options.json ?? false, check, () => [
        check.ok
          ? `The push ledger is whole: ${check.rows} rows, head ${check.head.slice(0, 16)}.`
          : `The push ledger is broken at row ${check.at}. ${check.why}`,
      ]);
      done(check.ok ? EXIT.ok : EXIT.problem);
    });
  return new Command("audit").description("Check the audit records").addCommand(verify);
}
