/** The exceptions queue: one page of it, totals over the whole filter, the tiles above it, and what may be chosen. */
import { z } from "zod";
import { chTime } from "#core/time";
import type { Evidence } from "#reconcile/evidence";
import { pushList } from "#reconcile/push/state";
import { RULES, ruleById } from "#reconcile/rules/index";
import { type CaseRow, caseList } from "#sql/queries/cases";
import {
  type QueueFilter,
  type QueueRow,
  queueFacets,
  queueList,
  queueTiles,
  queueTotals,
} from "#sql/queries/queue";
import { activePeople } from "../auth/accounts.server.ts";
import type { Visit } from "../auth/guard.server.ts";
import { may } from "../auth/permissions.ts";
import { type ExceptionFilter, STATUS_CHOICES } from "../filters.ts";
import { systemNames } from "./freshness.server.ts";
import { latestOutcomes } from "./run-list.server.ts";
import { aboutWhat, evidenceOf, named, whatIsWrong } from "./what-is-wrong.server.ts";

const PAGE_ROWS = 50;
const DAY_MS = 86_400_000;
const NEVER = "1970-01-01 00:00:00.000";

const Cursor = z.tuple([z.number().int().min(0).max(3), z.string().regex(/^-?\d+(\.\d+)?$/), z.string()]);
type Cursor = z.infer<typeof Cursor>;
const START: Cursor = [0, "0", ""];

/** A place in the order, as text for a URL; what cannot be read is the beginning. */
export function cursorOf(text: string | null): Cursor {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text ?? "", "base64url").toString("utf8")));
  } catch {
    return START;
  }
}
export function cursorAfter(row: QueueRow): string {
  return Buffer.from(JSON.stringify([row.place, row.weight, row.id])).toString("base64url");
}

/** The URL's filter as the queries take it. */
export function queueFilter(filter: ExceptionFilter, me: string, now: number): QueueFilter {
  return {
    statuses: [...STATUS_CHOICES[filter.status]],
    rules: filter.rule,
    severities: filter.severity.map(Number),
    blocking: filter.blocking,
    client: filter.client,
    project: filter.project,
    entity: filter.entity,
    owner: filter.owner === "me" ? me : filter.owner,
    min: filter.min,
    ends_before: filter.ends === "" ? NEVER : chTime(now + Number(filter.ends) * DAY_MS),
    text: filter.text,
  };
}

export async function queuePage({ services, user }: Visit, filter: ExceptionFilter, after: string | null) {
  const { store, clock, config } = services;
  const now = clock.now();
  const asked = queueFilter(filter, user.name, now);
  const [place, weight, id] = cursorOf(after);
  const [rows, totals, tiles, facets, people, pushes, outcomes] = await Promise.all([
    store.query(queueList, {
      ...asked,
      after_place: place,
      after_weight: weight,
      after_id: id,
      limit: PAGE_ROWS + 1,
    }),
    store.query(queueTotals, asked),
    store.query(queueTiles, { me: user.name, ends_before: chTime(now + 7 * DAY_MS) }),
    store.query(queueFacets, { statuses: asked.statuses }),
    activePeople(store),
    pushList(store, {}),
    latestOutcomes(services),
  ]);
  const page = rows.slice(0, PAGE_ROWS);
  const last = rows.length > PAGE_ROWS ? page.at(-1) : undefined;
  const names = Object.fromEntries(people.map((p) => [p.name, p.displayName]));
  const systems = systemNames(services.sources);
  const of = (facet: string) => facets.filter((f) => f.facet === facet);
  const [evidence, cases] = await Promise.all([
    named(
      store,
      page.map((r) => evidenceOf(r.evidence)),
    ),
    page.length === 0 ? [] : store.query(caseList, { ids: page.map((r) => r.id), limit: PAGE_ROWS }),
  ]);
  const caseOf = new Map(cases.map((c) => [c.id, c]));
  return {
    filter,
    rows: page.map((r, n) => queueLine(r, evidence[n] ?? null, systems, names, caseOf.get(r.id))),
    totals: totals[0] ?? null,
    currency: config.reporting.currency,
    isFirst: place === 0,
    next: last ? cursorAfter(last) : null,
    tiles: {
      ...(tiles[0] ?? { blocked: 0, unassigned: 0, mine: 0, snoozed: 0, waived: 0, waivers_ending: 0 }),
      awaitingApproval: pushes.filter((p) => p.status === "requested").length,
      awaitingProof: pushes.filter((p) =>
        ["approved", "started", "applied", "already_right", "unconfirmed"].includes(p.status),
      ).length,
      cannotEvaluate: outcomes.filter((o) => o.status === "inconclusive" || o.status === "failed").length,
      comparisons: outcomes.length,
    },
    evaluated: {
      keys: outcomes.reduce((n, o) => n + o.keys, 0),
      at: outcomes.map((o) => o.finished_at).sort()[0] ?? "",
    },
    choices: {
      rules: RULES.map((r) => ({
        value: r.id,
        label: r.title,
        count: of("rule").find((f) => f.value === r.id)?.count ?? 0,
      })),
      clients: of("client").sort((a, b) => a.label.localeCompare(b.label, "en")),
      entities: of("entity"),
      people: people
        .filter((p) => may(p.roles, "work"))
        .map((p) => ({ name: p.name, displayName: p.displayName })),
    },
    mayWork: may(user.roles, "work"),
  };
}
export type QueuePage = Awaited<ReturnType<typeof queuePage>>;

/** One row in words. */
export function queueLine(
  r: QueueRow,
  evidence: Evidence | null,
  systems: Record<string, string>,
  names: Record<string, string>,
  of?: CaseRow,
) {
  const { evidence: _, place: __, weight: ___, ...row } = r;
  const rule = ruleById(r.rule);
  return {
    ...row,
    ruleTitle: rule?.title ?? r.rule,
    hasMoney: rule?.money.basis === "money",
    wrong: whatIsWrong(r, evidence, systems),
    about: aboutWhat(evidence),
    assigneeName: names[r.assignee] ?? r.assignee,
    /** Of the root of a case: how many failures it explains, and what all of them hold up, each item once. */
    case: of ? { symptoms: of.symptoms, items: of.items, total: of.total_reporting } : null,
  };
}
export type QueueLine = ReturnType<typeof queueLine>;
