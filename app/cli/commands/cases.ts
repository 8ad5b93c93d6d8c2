import { Command } from "commander";
import { RequestError } from "#core/errors";
import { caseList, caseRoot, caseSymptoms } from "#sql/queries/cases";
import type { Store } from "#sql/store";
import { withStore } from "../context.ts";
import { EXIT, print, table } from "../output.ts";

const KEYS_SHOWN = 10;

/** `plumbline cases list|show`. */
export function casesCommand(done: (code: number) => void): Command {
  const list = new Command("list")
    .description(
      "Exceptions that explain others, by the money of all of them. Exits with 1 when there are any",
    )
    .option("--limit <n>", "at most this many", "50")
    .option("--json", "print one JSON object")
    .action(async (options: { limit: string; json?: boolean }) => {
      if (!/^[1-9]\d{0,6}$/.test(options.limit))
        throw new RequestError("cases.limit", `Not a limit: ${options.limit}`, {
          userMessage: "The limit must be a whole number from 1.",
        });
      const cases = await withStore((store) =>
        store.query(caseList, { ids: [], limit: Number(options.limit) }),
      );
      print(options.json ?? false, { cases }, () =>
        cases.length === 0
          ? ["No exception explains another."]
          : table(
              ["exception", "rule", "key", "symptoms", "of rules", "items", "in all"],
              cases.map((c) => [
                c.id,
                c.rule,
                c.key,
                String(c.symptoms),
                c.symptom_rules.join(" "),
                String(c.items),
                sayTotal(c),
              ]),
            ),
      );
      done(cases.length === 0 ? EXIT.ok : EXIT.problem);
    });

  const show = new Command("show")
    .argument("<exception>")
    .description("One case with its symptoms by rule; named by its exception or by any of its symptoms")
    .option("--json", "print one JSON object")
    .action(async (id: string, options: { json?: boolean }) => {
      const { one, byRule } = await withStore((store) => caseNamed(store, id));
      print(options.json ?? false, { ...one, by_rule: byRule }, () => [
        `${one.rule}  ${one.status}  severity ${one.severity}  key ${one.key}  exception ${one.id}`,
        `${one.symptoms} symptoms; ${one.items} billable items, each counted once: ${sayTotal(one)}${one.unpriced > 0 ? `, ${one.unpriced} without a rate` : ""}`,
        ...table(
          ["rule", "comparison", "symptoms", "items", "first keys"],
          byRule.map((s) => [
            s.rule,
            s.comparison,
            String(s.symptoms),
            String(s.items),
            s.first_keys.join(", ") + (s.symptoms > s.first_keys.length ? ", …" : ""),
          ]),
        ),
      ]);
      done(EXIT.problem);
    });

  return new Command("cases")
    .description("Exceptions with the failures that follow from them")
    .addCommand(list)
    .addCommand(show);
}

async function caseNamed(store: Store, id: string) {
  const root = (await store.query(caseRoot, { id }))[0]?.id ?? id;
  const [one] = await store.query(caseList, { ids: [root], limit: 1 });
  if (!one)
    throw new RequestError("case.unknown", `No case ${id}`, {
      userMessage: `No standing case has an exception with the id ${id}. List them with: plumbline cases list`,
    });
  return { one, byRule: await store.query(caseSymptoms, { id: root, first: KEYS_SHOWN }) };
}

function sayTotal(c: { items: number; total: string | null; currency: string; total_reporting: string }) {
  if (c.items === 0) return "no billable item";
  return c.total === null ? `${c.total_reporting} in the reporting currency` : `${c.total} ${c.currency}`;
}
