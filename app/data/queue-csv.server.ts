import { queueExport } from "#sql/queries/queue";
import { activePeople } from "../auth/accounts.server.ts";
import type { Visit } from "../auth/guard.server.ts";
import { csvLine } from "../csv.ts";
import type { ExceptionFilter } from "../filters.ts";
import { isNever } from "../format.ts";
import { BLOCKING_WORDS, blockingNow, SEVERITY_WORDS, STATUS_WORDS } from "../words.ts";
import { nowOf, systemNames } from "./freshness.server.ts";
import { type QueueLine, queueFilter, queueLine } from "./queue.server.ts";
import { evidenceOf, named } from "./what-is-wrong.server.ts";

/** Names are looked up for this many rows together. */
const ROWS_NAMED_AT_ONCE = 500;

/** The queue's filter as a CSV file: its name, which says as of when, and its text as a stream that stops when the reader leaves. */
export async function queueCsv({ services, user }: Visit, filter: ExceptionFilter) {
  const { store, clock, config } = services;
  const asOf = nowOf(clock);
  const names = Object.fromEntries((await activePeople(store)).map((p) => [p.name, p.displayName]));
  const systems = systemNames(services.sources);
  const left = new AbortController();
  const rows = store.stream(queueExport, queueFilter(filter, user.name, clock.now()), {
    signal: left.signal,
  });

  async function* lines() {
    yield csvLine([
      "Exception",
      "Rule",
      "Rule title",
      "Severity",
      "State",
      "Blocks",
      "Client",
      "Project",
      "Project code",
      "Legal entity",
      "What is wrong",
      "Money at stake",
      "Currency",
      `Money at stake, ${config.reporting.currency}`,
      "Owner",
      "Opened at (UTC)",
      "Last seen at (UTC)",
      "Key",
      "Exported at (UTC)",
    ]);
    for await (const some of inBatches(rows, ROWS_NAMED_AT_ONCE)) {
      const evidence = await named(
        store,
        some.map((r) => evidenceOf(r.evidence)),
      );
      yield some.map((row, n) => lineOf(queueLine(row, evidence[n] ?? null, systems, names), asOf)).join("");
    }
  }
  const source = lines();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await source.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel() {
      left.abort();
    },
  });
  return { name: `exceptions ${asOf.slice(0, 16).replace("T", " ").replace(":", "")} UTC.csv`, body };
}

function lineOf(r: QueueLine, asOf: string): string {
  return csvLine([
    r.id,
    r.rule,
    r.ruleTitle,
    SEVERITY_WORDS[r.severity] ?? r.severity,
    STATUS_WORDS[r.status] ?? r.status,
    BLOCKING_WORDS[blockingNow(r.status, r.blocking)] ?? r.blocking,
    r.customer_name || r.customer_key,
    r.project_name || r.project_key,
    r.project_code,
    r.legal_entity,
    r.about ? `${r.wrong} (${r.about})` : r.wrong,
    r.money,
    r.currency,
    r.money_reporting,
    r.assigneeName,
    isNever(r.opened_at) ? "" : r.opened_at,
    r.last_seen_at,
    r.key,
    asOf,
  ]);
}

async function* inBatches<T>(rows: AsyncIterable<T>, size: number): AsyncIterable<T[]> {
  let batch: T[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
