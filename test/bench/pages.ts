/** The queue and the overview as the console's loaders make them, over many open exceptions, beside the shortest query for a page. */

import { z } from "zod";
import { overview } from "#app/data/overview.server";
import { queuePage } from "#app/data/queue.server";
import { filterOf } from "#app/filters";
import { servicesOn } from "#app/services.server";
import { addDays, chTime, manualClock } from "#core/time";
import type { Evidence } from "#reconcile/evidence";
import { refreshExceptions } from "#reconcile/exception-state";
import { compiledQuery } from "#sql/query";
import type { Store } from "#sql/store";
import { firmConfig } from "../reconcile/seed.ts";
import { openTestStore } from "../support/store.ts";
import { type BenchRow, measured, median, row } from "./measure.ts";
import { putProjects } from "./time-lines.ts";

const NOW = "2026-06-01T09:00:00.000Z";

export async function benchPages(count: number, note: (text: string) => void): Promise<BenchRow[]> {
  const store = await openTestStore();
  try {
    note(`${count} open exceptions`);
    await putProjects(store);
    await putExceptions(store, count);
    await refreshExceptions(store);
    const services = servicesOn({
      config: firmConfig(),
      store,
      clock: manualClock(NOW),
      sources: [],
      dataDir: store.dataDir ?? "data",
      sessionSecret: "only for this measurement",
    });
    const visit = {
      services,
      session: await services.sessions.getSession(),
      user: { name: "finance", displayName: "Finance", roles: ["finance" as const], epoch: 0 },
    };
    const of = `${count.toLocaleString("en")} open exceptions`;
    const bare = await median(5, () => measured(store, () => store.query(bareQueue, {})));
    const pages: [string, () => Promise<unknown>][] = [
      ["first page of the queue", () => queuePage(visit, filterOf(new URLSearchParams()), null)],
      [
        "queue of one rule and severity",
        () => queuePage(visit, filterOf(new URLSearchParams("rule=TIM-01&severity=1")), null),
      ],
      ["overview", () => overview(services)],
    ];
    const rows: BenchRow[] = [];
    for (const [words, load] of pages) {
      note(words);
      await load();
      rows.push(row(`${words}, ${of}`, await median(5, () => measured(store, load)), bare));
    }
    return rows;
  } finally {
    await store.close();
  }
}

/** What any page of open exceptions costs at the least: fold the events, sort, take fifty. */
const bareQueue = compiledQuery({
  name: "bench.queue",
  sql: `SELECT exception_id, argMax(money_reporting, at) AS money
FROM exception_event
GROUP BY exception_id
ORDER BY money DESC
LIMIT 50`,
  params: z.object({}),
  row: z.object({ exception_id: z.string(), money: z.string().nullable() }),
});

async function putExceptions(store: Store, count: number): Promise<void> {
  const opened = chTime(`${addDays(NOW.slice(0, 10), -3)}T08:00:00.000Z`);
  await store.command(
    `INSERT INTO exception_event (exception_id, at, event_id, type, actor, run_id, rule, rule_version, comparison, key, field_group,
  kind, severity, blocking, money, currency, money_reporting, project_key, customer_key, legal_entity, evidence, evidence_hash,
  assignee, note, until)
SELECT
  hex(MD5(toString(number))), {opened:DateTime64(3, 'UTC')}, hex(MD5(concat('opened', toString(number)))), 'opened', 'plumbline', 'run',
  if(number % 3 = 0, 'TIM-03', 'TIM-01'), 1, 'time', concat('T', toString(number)), '',
  'missing_right', 1, 'hard', toDecimal64(number % 5000, 4), 'USD', toDecimal64(number % 5000, 4),
  concat('P-B', toString(number % 20)), concat('C-B', toString(number % 20)), 'US01', {evidence:String}, '', '', '',
  toDateTime64(0, 3, 'UTC')
FROM numbers({count:UInt64})`,
    { opened, count, evidence: EVIDENCE },
  );
}

const side = (role: string, rows: number) => ({
  role,
  noun: "time line",
  sourceId: role,
  nativeIds: rows === 0 ? [] : ["T1"],
  rows,
  changedAt: null,
});

const EVIDENCE = JSON.stringify({
  comparison: "time",
  kind: "missing_right",
  fields: [
    {
      name: "hours",
      label: "Hours",
      left: "8",
      right: null,
      differs: true,
      waiting: false,
      tolerance: "0.01",
      delta: null,
    },
  ],
  left: side("psa", 1),
  right: side("erp", 0),
  carried: {},
  why: {
    sentence: "Approved time must be in the ERP.",
    asOf: { left: NOW, right: NOW },
    runId: "run",
    ruleVersion: 1,
  },
  money: { amount: "100", currency: "USD", reporting: "100", formula: "rate × hours", items: 1, unpriced: 0 },
  detail: null,
} satisfies Evidence);
