import { Command } from "commander";
import { RequestError } from "#core/errors";
import { instantOf, systemClock } from "#core/time";
import { ruleDetail, ruleList } from "#reconcile/governance/describe";
import type { Override } from "#reconcile/governance/overrides";
import { PROMOTIONS, type Promotion, promoteRule } from "#reconcile/governance/promote";
import { type Simulation, simulateRule } from "#reconcile/governance/simulate";
import { actorNamed, sayInstant, withContext } from "../context.ts";
import { EXIT, print, table } from "../output.ts";

const withJson = (command: Command) => command.option("--json", "print one JSON object");

interface SimulateArguments {
  days: string;
  tolerance?: string[];
  settle?: string;
  as?: string;
  json?: boolean;
}

/** `plumbline rules list|show|simulate|promote`. */
export function rulesCommand(done: (code: number) => void): Command {
  const list = withJson(new Command("list"))
    .description("The rules with their version and state, and how much stands under each")
    .action(async (options: { json?: boolean }) => {
      const rules = await withContext((c) => ruleList({ ...c, clock: systemClock }));
      print(options.json ?? false, { rules }, () =>
        table(
          ["rule", "version", "state", "sev", "blocks", "open", "money claimed", "title"],
          rules.map((r) => [
            r.id,
            String(r.version),
            r.waiting === null ? r.state : `${r.state}, ${r.waiting.version} ${r.waiting.state}`,
            String(r.severity),
            r.blocks,
            String(r.open + r.shadow),
            r.money,
            r.title,
          ]),
        ),
      );
    });

  const show = withJson(new Command("show").argument("<rule>"))
    .description("One rule: what it demands, who is right, what to do, and its versions")
    .action(async (id: string, options: { json?: boolean }) => {
      const rule = await withContext((c) => ruleDetail({ ...c, clock: systemClock }, id));
      print(options.json ?? false, rule, () => [
        `${rule.id} ${rule.title}`,
        `${rule.state}, version ${rule.version}; severity ${rule.severity}, blocks ${rule.blocks}; ${rule.owner}`,
        "",
        rule.because,
        rule.sentence,
        "",
        ...rule.records.map((r) => `${r.title}: ${r.words}`),
        "",
        ...rule.runbook.steps.map((step, n) => `${n + 1}. ${step}`),
        "",
        ...table(
          ["when", "version", "state", "by", "note"],
          rule.events.map((e) => [sayInstant(e.at), String(e.version), e.state, e.actor, e.note]),
        ),
      ]);
    });

  const simulate = withJson(new Command("simulate").argument("<rule>"))
    .description("What a rule would say now, with a change or as the configuration asks; opens nothing")
    .option("--days <n>", "how far back to look at what it opened", "30")
    .option("--tolerance <field=value...>", "try another tolerance, such as hours=0.25")
    .option("--settle <duration>", "try another settle time, such as 6h")
    .option("--as <name>", "keep that this person simulated the version the configuration asks for")
    .action(async (rule: string, options: SimulateArguments) => {
      const change = changeOf(options);
      const days = Number(options.days);
      if (!Number.isInteger(days) || days < 1)
        throw new RequestError("rules.days", "days", {
          userMessage: `"${options.days}" is no number of days. Write for example --days 30.`,
        });
      const simulation = await withContext((c) =>
        simulateRule(
          { ...c, clock: systemClock },
          {
            rule,
            days,
            change,
            actor: options.as === undefined ? undefined : actorNamed(c.config, options.as).name,
          },
        ),
      );
      print(options.json ?? false, simulation, () => saySimulation(simulation, days));
    });

  const promote = withJson(new Command("promote").argument("<rule>"))
    .description("Put a rule in shadow, make it active, or retire it")
    .requiredOption("--to <state>", `one of ${PROMOTIONS.join(", ")}`)
    .requiredOption("--note <words>", "why")
    .requiredOption("--as <name>", "the person deciding, as named in the configuration")
    .action(async (rule: string, options: { to: string; note: string; as: string; json?: boolean }) => {
      const to = PROMOTIONS.find((p) => p === options.to);
      if (!to)
        throw new RequestError("rules.to", "to", {
          userMessage: `"${options.to}" is no state to put a rule in. Choose one of ${PROMOTIONS.join(", ")}.`,
        });
      const step = await withContext((c) =>
        promoteRule({ ...c, clock: systemClock }, actorNamed(c.config, options.as), {
          rule,
          to: to satisfies Promotion,
          note: options.note,
        }),
      );
      print(options.json ?? false, { rule, ...step, at: instantOf(systemClock.now()) }, () => [
        `Version ${step.version} of ${rule} is ${sayState(step.to)} (was ${sayState(step.from)}).`,
      ]);
      done(EXIT.ok);
    });

  return new Command("rules")
    .description("The rules in force, and what becomes of them")
    .addCommand(list)
    .addCommand(show)
    .addCommand(simulate)
    .addCommand(promote);
}

function changeOf(options: SimulateArguments): Override | undefined {
  if (options.tolerance === undefined && options.settle === undefined) return undefined;
  const tolerance = Object.fromEntries(
    (options.tolerance ?? []).map((text) => {
      const at = text.indexOf("=");
      if (at < 1)
        throw new RequestError("rules.tolerance", "tolerance", {
          userMessage: `"${text}" is no tolerance. Write field=value, such as hours=0.25.`,
        });
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
  return { tolerance, ...(options.settle === undefined ? {} : { settle: options.settle }) };
}

function saySimulation(s: Simulation, days: number): string[] {
  const { history } = s;
  return [
    `${s.rule} ${s.title}, ${s.change}${s.version === null ? " (configured by nobody yet)" : ` (version ${s.version})`}`,
    `${s.failures} of ${s.keys} keys fail; ${s.wouldOpen} would open, ${s.wouldClose} would close; ${s.explained} more follow from another rule's failure.`,
    `Money: ${s.money.claimed} ${s.currency} claimed, ${s.money.once} with each of ${s.money.items} billable items counted once; ${s.money.unpriced} not priced.`,
    `The last ${days} days: ${history.isCut ? "at least " : ""}${history.opened} opened${history.stillOpened === null ? "" : `, of which ${history.stillOpened} would have opened so`}.`,
    ...(s.groups.length > 0
      ? table(
          ["by", "value", "failures", "money"],
          s.groups.map((g) => [g.dimension, g.value, String(g.failures), g.money]),
        )
      : []),
    ...(s.overlap.length > 0
      ? table(
          ["also held by", "items", "money on them"],
          s.overlap.map((o) => [o.rule, String(o.items), o.money]),
        )
      : ["No item is held by another rule's open exceptions."]),
    ...s.notes,
  ];
}

/** "in shadow", "active". */
const sayState = (state: string) => (state === "shadow" ? "in shadow" : state);
