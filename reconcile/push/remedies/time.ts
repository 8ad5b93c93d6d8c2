import type { Entity } from "#core/entities";
import type { FieldChange } from "#ingest/connector";
import type { Fields, RemedyRule } from "../proposal.ts";
import { differing } from "./differing.ts";

const FIELDS = [
  "project_key",
  "task_key",
  "resource_key",
  "work_on",
  "hours",
  "is_billable",
  "note",
] as const;

/** Compared fields that a line can be corrected in; the person is not among them. */
const CORRECTED = ["hours", "work_on", "project_key", "task_key"] as const;
const REFERS: Readonly<Record<string, { entity: Entity; called: string }>> = {
  project_key: { entity: "project", called: "project" },
  task_key: { entity: "task", called: "task" },
  resource_key: { entity: "resource", called: "person" },
};

const isUnlinked = (key: string | null | undefined) => key?.startsWith("unlinked:") === true;
const noCounterpart = (field: string) =>
  `The line's ${REFERS[field]?.called ?? field} has no counterpart the systems agree on. Link it first.`;

/** TIM-01: the approved line is posted in the ERP under the PSA's line id, once; the writer looks for it before it creates it. */
const post: RemedyRule = {
  rule: "TIM-01",
  comparison: "time",
  record: "psa",
  corrects: { role: "erp", entity: "time_entry", action: "create" },
  propose({ record }) {
    const refused = notApproved(record, "there is nothing to post");
    if (!record || refused) return { kind: "decline", reason: refused };
    const blank = (["project_key", "resource_key"] as const).find((f) => !record[f] || isUnlinked(record[f]));
    if (blank) return { kind: "decline", reason: noCounterpart(blank) };
    return {
      kind: "propose",
      changes: FIELDS.flatMap((field) => (record[field] ? [{ field, from: null, to: record[field] }] : [])),
      needs: [
        { entity: "project", key: record.project_key ?? "" },
        { entity: "resource", key: record.resource_key ?? "" },
        ...(record.task_key ? [{ entity: "task" as const, key: record.task_key }] : []),
      ],
      because: "The hours are approved in the PSA and not in the ERP, so no invoice can carry them.",
      tier: "M",
    };
  },
};

/** TIM-03: one line takes the other's hours, day, project, task and note. Hours never move to another person. */
const sameLine = (recordIs: "psa" | "erp", because: string): RemedyRule => ({
  rule: "TIM-03",
  comparison: "time",
  record: recordIs,
  corrects: { role: recordIs === "psa" ? "erp" : "psa", entity: "time_entry", action: "update" },
  propose({ right, wrong, record, target }) {
    const refused =
      recordIs === "psa"
        ? notApproved(record, "there is nothing to go by")
        : record
          ? ""
          : "The line is no longer in the ERP; there is nothing to go by.";
    if (!record || refused) return { kind: "decline", reason: refused };
    if (right.resource_key !== undefined && right.resource_key !== wrong.resource_key)
      return {
        kind: "decline",
        reason:
          "The two systems name different people. Hours are never moved to another person by a push: whoever booked them must put it right.",
      };
    const changes = [...differing(CORRECTED, right, wrong), ...newNote(record, target)];
    const blank = changes.find((c) => isUnlinked(c.to) || (c.field === "project_key" && c.to === null));
    if (blank) return { kind: "decline", reason: noCounterpart(blank.field) };
    if (changes.every((c) => c.field === "note"))
      return { kind: "decline", reason: "Both systems hold the same line now; nothing to write." };
    return {
      kind: "propose",
      changes,
      // The old ones too: the target must still name them when it is written.
      needs: changes.flatMap(({ field, from, to }) => {
        const entity = REFERS[field]?.entity;
        return entity ? [from, to].flatMap((key) => (key === null ? [] : [{ entity, key }])) : [];
      }),
      because,
      tier: "H",
    };
  },
});

/** Notes are no part of what is compared; the note goes along when it says something else, on one line as any system takes it. */
function newNote(record: Fields, target: Fields | null): FieldChange[] {
  const oneLine = (text = "") => text.replace(/\s+/g, " ").trim();
  const to = oneLine(record.note);
  return target === null || to === oneLine(target.note)
    ? []
    : [{ field: "note", from: target.note || null, to: to || null }];
}

/** Why the PSA's line cannot be gone by; "" when it can. */
function notApproved(record: Fields | null, so: string): string {
  if (!record) return `The approved line is no longer in the PSA; ${so}.`;
  return record.is_approved === "1"
    ? ""
    : "The line is no longer approved in the PSA. Approval is a person's act.";
}

export const timeRemedies: readonly RemedyRule[] = [
  post,
  sameLine("psa", "The line was approved as the PSA has it; the ERP would bill other work."),
  sameLine("erp", "Finance's line is the one that counts here; the PSA shows other work for it."),
];
