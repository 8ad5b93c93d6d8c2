/** A known number of differences in loaded time, spread over it evenly, each of another entry. */
import type { Estate } from "../estate.ts";
import { onRedmine, onTryton } from "./sql.ts";
import type { LoadedTime } from "./time.ts";

/**
 * `unposted`: Tryton never got the line. `removed`: the entry is gone from Redmine. `rejected`: its approval was taken back.
 * `hours`, `day`: Tryton holds other hours, another date.
 */
export const DRIFTS = ["unposted", "removed", "rejected", "hours", "day"] as const;
export type Drift = (typeof DRIFTS)[number];

export interface PlantedDrift {
  drift: Drift;
  /** Agreed key: the Redmine time entry id. */
  key: string;
  /** The rule that must find it, and how the key must come out. */
  rule: "TIM-01" | "TIM-02" | "TIM-03";
  kind: "missing_right" | "missing_left" | "mismatch";
}

const FOUND_BY: Readonly<Record<Drift, Pick<PlantedDrift, "rule" | "kind">>> = {
  unposted: { rule: "TIM-01", kind: "missing_right" },
  removed: { rule: "TIM-02", kind: "missing_left" },
  rejected: { rule: "TIM-02", kind: "missing_left" },
  hours: { rule: "TIM-03", kind: "mismatch" },
  day: { rule: "TIM-03", kind: "mismatch" },
};

/** Plants `perDrift` of each kind. Throws RangeError when there are fewer entries than differences. */
export async function plantDrift(
  estate: Estate,
  loaded: LoadedTime,
  perDrift: number,
): Promise<PlantedDrift[]> {
  const wanted = DRIFTS.length * perDrift;
  const step = Math.floor((loaded.last - loaded.first + 1) / wanted);
  if (step < 1) throw new RangeError(`There are fewer than ${wanted} loaded entries`);
  const planted = Array.from({ length: wanted }, (_, n) => {
    const drift = DRIFTS[n % DRIFTS.length] ?? "hours";
    return { drift, key: String(loaded.first + n * step), ...FOUND_BY[drift] };
  });
  const { flavour } = loaded;
  const keys = (drift: Drift) => planted.filter((p) => p.drift === drift).map((p) => p.key);
  const uuids = (drift: Drift) => keys(drift).map((key) => `'redmine-${key}'`);
  const write = "write_uid = 1, write_date = now() AT TIME ZONE 'UTC'";
  const history = flavour === "addons";
  await onTryton(
    estate,
    flavour,
    `${history ? `INSERT INTO timesheet_line__history (id, write_uid, write_date) SELECT id, 1, now() AT TIME ZONE 'UTC' FROM timesheet_line WHERE uuid IN (${uuids("unposted")});` : ""}
DELETE FROM timesheet_line WHERE uuid IN (${uuids("unposted")});
UPDATE timesheet_line SET duration = duration + interval '45 minutes', ${write} WHERE uuid IN (${uuids("hours")});
UPDATE timesheet_line SET date = date + 1, ${write} WHERE uuid IN (${uuids("day")});
${history ? rowsAgain([...uuids("hours"), ...uuids("day")]) : ""}`,
  );
  const removed = keys("removed");
  await onRedmine(
    estate,
    flavour,
    `DELETE FROM custom_values WHERE customized_type = 'TimeEntry' AND customized_id IN (${removed});
DELETE FROM time_entries WHERE id IN (${removed});
UPDATE custom_values SET value = 'rejected' WHERE customized_type = 'TimeEntry' AND customized_id IN (${keys("rejected")});
UPDATE time_entries SET updated_on = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE id IN (${keys("rejected")});
`,
  );
  return planted;
}

/** Another version of these lines in their history, as Tryton adds one when it writes. */
function rowsAgain(uuids: readonly string[]): string {
  const columns =
    "id, create_uid, create_date, write_uid, write_date, company, employee, work, date, duration, description, uuid, cost_price, approval_state, invoice_line";
  return `INSERT INTO timesheet_line__history (${columns}) SELECT ${columns} FROM timesheet_line WHERE uuid IN (${uuids});`;
}
