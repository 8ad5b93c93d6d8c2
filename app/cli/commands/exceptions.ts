import { Command } from "commander";
import { RequestError } from "#core/errors";
import { exceptionDetail, exceptionEvents } from "#sql/queries/exceptions";
import { type QueueRow, queueList } from "#sql/queries/queue";
import type { Store } from "#sql/store";
import { type SuggestedPage, suggestedFor } from "../../data/suggested.server.ts";
import { ExceptionFilter, STATUS_CHOICES } from "../../filters.ts";
import { sayInstant, withContext, withStore } from "../context.ts";
import { EXIT, print, table } from "../output.ts";

interface ListOptions {
  rule?: string[];
  status: string;
  severity?: string[];
  limit: string;
  json?: boolean;
}

/** `plumbline exceptions list|show`. */
export function exceptionsCommand(done: (code: number) => void): Command {
  const list = new Command("list")
    .description("The queue: what blocks an invoice first, then by money. Exits with 1 when it is not empty")
    .option("--rule <id...>", "only these rules")
    .option("--severity <n...>", "only these severities, 1 to 4")
    .option("--status <choice>", `one of ${Object.keys(STATUS_CHOICES).join(", ")}`, "due")
    .option("--limit <n>", "at most this many", "50")
    .option("--json", "print one JSON object")
    .action(async (options: ListOptions) => {
      const rows = await withStore((store) => standing(store, options));
      print(options.json ?? false, { exceptions: rows.map(withoutPlace) }, () =>
        rows.length === 0
          ? ["No exception matches."]
          : table(
              ["exception", "sev", "rule", "money at stake", "client", "key"],
              rows.map((r) => [
                r.id,
                String(r.severity),
                r.rule,
                r.money === null ? "not priced" : `${r.money} ${r.currency}`,
                r.customer_name,
                r.key,
              ]),
            ),
      );
      done(rows.length === 0 ? EXIT.ok : EXIT.problem);
    });

  const show = new Command("show")
    .argument("<exception>")
    .description(
      "One exception with its evidence, what is probably the same as what it lacks, and what happened to it",
    )
    .option("--json", "print one JSON object")
    .action(async (id: string, options: { json?: boolean }) => {
      const { exception, events, suggested } = await withContext(async (context) => {
        const { store } = context;
        const exception = (await store.query(exceptionDetail, { id }))[0];
        if (!exception)
          throw new RequestError("exception.unknown", `No exception ${id}`, {
            userMessage: `There is no exception with the id ${id}. List them with: plumbline exceptions list`,
          });
        return {
          exception,
          events: await store.query(exceptionEvents, { id }),
          suggested: await suggestedFor(context, exception),
        };
      });
      const evidence: unknown = JSON.parse(exception.evidence);
      print(
        options.json ?? false,
        { ...exception, evidence, suggested, events: events.map(({ evidence: _, ...event }) => event) },
        () => [
          `${exception.rule}  ${exception.status}  severity ${exception.severity}  key ${exception.key}`,
          `at stake: ${exception.money === null ? "not priced" : `${exception.money} ${exception.currency}`}`,
          JSON.stringify(evidence, null, 2),
          ...(suggested ? saySuggested(suggested) : []),
          ...events.map((e) => `  ${sayInstant(e.at)}  ${e.type}  ${e.actor}  ${e.note}`),
        ],
      );
    });

  return new Command("exceptions")
    .description("What people have to look at")
    .addCommand(list)
    .addCommand(show);
}

/** Everything that matches, at most `limit`, in the order of the queue. */
function standing(store: Store, options: ListOptions): Promise<QueueRow[]> {
  const asked = ExceptionFilter.parse({
    rule: options.rule ?? [],
    severity: options.severity ?? [],
    status: options.status,
    blocking: "",
    client: "",
    project: "",
    entity: "",
    owner: "",
    text: "",
    min: "",
    ends: "",
  });
  return store.query(queueList, {
    statuses: [...STATUS_CHOICES[asked.status]],
    rules: asked.rule,
    severities: asked.severity.map(Number),
    blocking: "",
    client: "",
    project: "",
    entity: "",
    owner: "",
    min: "",
    ends_before: "1970-01-01 00:00:00.000",
    text: "",
    after_place: 0,
    after_weight: "0",
    after_id: "",
    limit: Number(options.limit),
  });
}

/** Records that are probably the same, for a person at a terminal. */
export function saySuggested({ from, to, records, lookedAt, of }: SuggestedPage): string[] {
  return [
    `probably the same (suggested; nothing is linked by itself)${lookedAt < of ? `, of the first ${lookedAt} of ${of}` : ""}:`,
    ...records.flatMap((record) => [
      `  ${record.called || record.nativeId} (${record.nativeId}) in ${from}`,
      ...record.suggestions.flatMap((s) => [
        `    ${s.called || s.nativeId} (${s.nativeId}) in ${to}: ${s.reason}; ${s.isTaken ? "has a partner" : s.isUnique ? "the only one like it, both ways" : "one of several alike"}${s.url ? `; ${s.url}` : ""}`,
        `      ${s.todo}`,
      ]),
    ]),
  ];
}

function withoutPlace({ place: _p, weight: _w, evidence, ...row }: QueueRow) {
  return { ...row, evidence: JSON.parse(evidence) as unknown };
}
