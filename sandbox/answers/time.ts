/** The answers of the rules about time. */
import { add, fixed, sum } from "#core/decimal";
import { addDays, type IsoDate, instantOf } from "#core/time";
import { type PsaLine, weekLines } from "../faults/books.ts";
import { isUnbilled, lineWorth, stake } from "../faults/stakes.ts";
import type { Stake } from "../faults/truth.ts";
import { HOUR } from "../firm/calendar.ts";
import type { Answer, Evaluate, Evidence } from "./answer.ts";
import { groupBy } from "./group-by.ts";

/** Billable in one system and not in the other: lines that each system holds once, quiet for four hours. */
const billable: Evaluate = ({ firm, stores, books }) => {
  const postings = groupBy(
    books.erpLines.filter((l) => l.isPresent && l.key !== null),
    (l) => l.key ?? "",
  );
  return books.psaLines
    .filter((l) => l.isApproved)
    .flatMap((line): Answer[] => {
      const [posted, ...others] = postings.get(line.key) ?? [];
      if (!posted || others.length > 0 || posted.isBillable === line.isBillable) return [];
      const card = stores.salesforce.get("pse__Timecard_Header__c", line.key.split("_")[0] ?? "");
      const bill = stores.netsuite.get("timeBill", posted.id);
      const changed = Math.max(Number(card?.LastModifiedDate), Number(bill?.lastModifiedDate));
      if (changed > firm.asOf - 4 * HOUR) return [];
      return [
        {
          rule: "TIM-05",
          comparison: "time",
          key: line.key,
          kind: "mismatch",
          fields: ["is_billable"],
          money: worthOf(books, [line], books.psaProjects.get(line.project)?.currency ?? "USD"),
        },
      ];
    });
};

/** Tasks that the ERP keeps under another project than the PSA does. */
const coding: Evaluate = ({ stores, books }) => {
  const erpTasks = [...stores.netsuite.rows("projectTask")];
  return [...stores.salesforce.rows("pse__Project_Task__c")].flatMap((task): Answer[] => {
    const key = String(task.Id);
    const own = String(task.pse__Project__c);
    const there = erpTasks.filter((t) => t.externalId === key);
    const [held] = there;
    const project = held && stores.netsuite.get("job", String(held.project))?.externalId;
    if (there.length !== 1 || !project || project === own) return [];
    // A project the ERP has not got explains what is wrong with its tasks.
    if (!books.erpProjects.some((p) => p.key === own)) return [];
    const lines = books.psaLines.filter((l) => l.task === key && isUnbilled(l));
    return [
      {
        rule: "TIM-04",
        comparison: "task-projects",
        key,
        kind: "mismatch",
        fields: ["project_key"],
        money: worthOf(books, lines, books.psaProjects.get(own)?.currency ?? "USD"),
      },
    ];
  });
};

/** Projects with hours handed in, and neither approved nor sent back, for more than two working days. */
const waiting: Evaluate = ({ firm, stores, books }) => {
  const numbers = new Map([...books.resources.values()].map((r) => [r.contactId, r.employeeNo]));
  const lines = [...stores.salesforce.rows("pse__Timecard_Header__c")].flatMap((card): PsaLine[] => {
    if (card.pse__Submitted__c !== true || card.pse__Approved__c === true) return [];
    const at = card.Submitted_At__c;
    if (typeof at !== "number" || workingDays(instantOf(at).slice(0, 10), firm.today) <= 2) return [];
    return [...weekLines(card, numbers.get(String(card.pse__Resource__c)) ?? "")];
  });
  return [...groupBy(lines, (l) => l.project)].flatMap(([key, late]): Answer[] => {
    const project = books.psaProjects.get(key);
    if (!project?.isBillable) return [];
    return [
      {
        rule: "TIM-07",
        comparison: "time-waiting",
        key,
        kind: "mismatch",
        fields: ["hours"],
        money: worthOf(
          books,
          late.filter((l) => l.isBillable),
          project.currency,
        ),
      },
    ];
  });
};

/** Mondays to Fridays after a day, up to and with another. */
function workingDays(after: IsoDate, until: IsoDate): number {
  let days = 0;
  for (let day = addDays(after, 1); day <= until; day = addDays(day, 1)) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days++;
  }
  return days;
}

/** Contract rate × hours within the cap, each line rounded to four places; null when there are lines and none has a rate. */
function worthOf(books: Evidence["books"], lines: readonly PsaLine[], currency: string): Stake | null {
  const values = lines.flatMap((l) => {
    const value = lineWorth(books, l);
    return value === null ? [] : [fixed(value, 4)];
  });
  if (lines.length > 0 && values.length === 0) return null;
  return stake(add(sum(values), "0"), currency, lines.length - values.length);
}

export const TIME_ANSWERS: readonly Evaluate[] = [billable, coding, waiting];
