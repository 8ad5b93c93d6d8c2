/** Approved time of both systems, generated straight into the store by the engine, with a known drift. */
import type { Store } from "#sql/store";
import { putEngagement } from "../reconcile/seed.ts";

const PROJECTS = 20;
/** Generated this many at a time, so that generating stays within the engine's memory for one statement. */
const CHUNK = 1_000_000;

/** The projects, people and rates the lines belong to. */
export async function putProjects(store: Store): Promise<void> {
  for (let n = 0; n < PROJECTS; n++) await putEngagement(store, `B${n}`);
}

export interface Lines {
  count: number;
  /** Lines in a million that differ: a quarter each missing left, missing right, other hours, posted twice. */
  driftPerMillion: number;
}

/** When everything generated was last changed and stored, as SQL. */
export const STORED = "toDateTime64('2026-05-01 08:00:00', 3, 'UTC')";

/** What line `number` says, as SQL. */
interface LineColumns {
  project: string;
  task: string;
  person: string;
  workOn: string;
  isInvoiced: string;
}

/** Lines of the few engagements of `putProjects`. */
export async function putTimeLines(store: Store, lines: Lines): Promise<void> {
  await timeLinesSql(store, lines, {
    project: `concat('P-B', toString(number % ${PROJECTS}))`,
    task: "'T-1'",
    person: `concat('E-B', toString(number % ${PROJECTS}))`,
    workOn: "toDate('2026-01-05') + number % 110",
    isInvoiced: "0",
  });
}

/** One and a half stored versions of every line on each side, as a store that has been running for a while holds them. */
export async function timeLinesSql(store: Store, lines: Lines, says: LineColumns): Promise<void> {
  const every = lines.driftPerMillion === 0 ? 0 : Math.floor(1_000_000 / lines.driftPerMillion);
  const drift = (which: number) => (every === 0 ? "0" : `(number % ${every * 4} = ${which * every})`);
  for (const role of ["psa", "erp"] as const) {
    const side = (version: number, from: number, count: number, native: string, keep: string) => `
INSERT INTO time_entry (role, key, source_id, native_id, version, changed_at, seen_at, is_deleted, raw_id,
  project_ref, project_key, task_ref, task_key, resource_ref, resource_key, assignment_ref, assignment_key,
  work_on, hours, is_billable, status, is_approved, is_invoiced, bill_rate, currency, note, recorded_at)
SELECT
  '${role}', concat('T', toString(number)), '${role}', concat('${native}', toString(number)), ${version},
  ${STORED}, ${STORED}, 0, '',
  ${says.project} AS of_project, of_project, ${says.task} AS of_task, of_task, ${says.person} AS of_person, of_person, '', '',
  ${says.workOn},
  toDecimal64(8 - ${version === 1 ? "0.5" : "0"}, 4) - ${role === "erp" && version === 2 ? `if(${drift(2)}, toDecimal64(1, 4), toDecimal64(0, 4))` : "toDecimal64(0, 4)"},
  1, 'Approved', 1, ${says.isInvoiced}, NULL, 'USD', '', ${STORED}
FROM numbers(${from}, ${count})
WHERE ${keep}`;
    const keep = role === "psa" ? `NOT ${drift(0)}` : `NOT ${drift(1)}`;
    for (let from = 0; from < lines.count; from += CHUNK) {
      const count = Math.min(CHUNK, lines.count - from);
      await store.command(side(1, from, Math.floor(count / 2), `${role}-`, keep));
      await store.command(side(2, from, count, `${role}-`, keep));
    }
    if (role === "erp" && every > 0) await store.command(side(2, 0, lines.count, "copy-", drift(3)));
  }
}

/** Stamp every `step`-th key as touched at a moment. */
export async function touchEvery(store: Store, count: number, step: number, at: string): Promise<void> {
  await store.command(
    `INSERT INTO touched_key (entity, seen_at, k)
SELECT 'time_entry', {at:DateTime64(3, 'UTC')}, cityHash64(concat('T', toString(number * ${step})))
FROM numbers(${Math.floor(count / step)})`,
    { at },
  );
}

/** The tables the bare statements write their answer to. */
export async function putBareTables(store: Store): Promise<void> {
  await store.command("CREATE TABLE IF NOT EXISTS bare_key (k UInt64) ENGINE = MergeTree ORDER BY k");
  await store.command(
    "CREATE TABLE IF NOT EXISTS bare_answer (k UInt64, kind LowCardinality(String), l_hours Decimal(9, 4), r_hours Decimal(9, 4), l_project String, r_project String, l_on Date, r_on Date) ENGINE = MergeTree ORDER BY k",
  );
}

/**
 * The bound: the shortest SQL that finds and fetches the differing lines of two versioned tables, with no tolerances, no settle
 * time, no repeated keys, no money and no record of the run.
 */
export async function bareFindAndJudge(store: Store, scope: "all" | "touched"): Promise<void> {
  const side = (role: string, columns: string, where: string) =>
    `(SELECT ${columns}, 1 AS here FROM time_entry FINAL WHERE role = '${role}' AND is_approved = 1 AND is_deleted = 0${where})`;
  await store.command("TRUNCATE TABLE bare_key");
  await store.command("TRUNCATE TABLE bare_answer");
  if (scope === "all")
    await store.command(`INSERT INTO bare_key
SELECT if(l.here = 1, l.k, r.k)
FROM ${side("psa", "k, row_hash", "")} AS l
FULL JOIN ${side("erp", "k, row_hash", "")} AS r ON l.k = r.k
WHERE l.row_hash != r.row_hash OR l.here != r.here
SETTINGS join_algorithm = 'full_sorting_merge'`);
  else
    await store.command(
      "INSERT INTO bare_key SELECT DISTINCT k FROM touched_key WHERE entity = 'time_entry'",
    );
  const found = " AND k IN (SELECT k FROM bare_key)";
  const columns = "k, hours, project_key, work_on";
  await store.command(`INSERT INTO bare_answer
SELECT
  if(l.here = 1, l.k, r.k),
  multiIf(r.here = 0, 'missing_right', l.here = 0, 'missing_left', l.hours != r.hours, 'mismatch', 'match'),
  l.hours, r.hours, l.project_key, r.project_key, l.work_on, r.work_on
FROM ${side("psa", columns, found)} AS l
FULL JOIN ${side("erp", columns, found)} AS r ON l.k = r.k`);
}
