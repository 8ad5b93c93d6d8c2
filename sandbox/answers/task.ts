/** The answers of the rules about tasks. */
import type { Answer, Evaluate, Evidence } from "./answer.ts";
import {
  byExternalId,
  changedAt,
  currencyOf,
  groupBy,
  isSettled,
  liveRows,
  openLines,
  worth,
} from "./delivery-facts.ts";

/** PSA tasks with the ERP's of the same id and the open time on them. */
function tasks(evidence: Evidence) {
  const erp = byExternalId(evidence.stores.netsuite, "projectTask");
  const lines = groupBy(openLines(evidence), (l) => l.task);
  return liveRows(evidence.stores.salesforce, "pse__Project_Task__c").map((row) => {
    const key = String(row.Id);
    return {
      key,
      row,
      project: String(row.pse__Project__c),
      erp: erp.get(key) ?? [],
      lines: lines.get(key) ?? [],
    };
  });
}

const missing: Evaluate = (evidence) => {
  const { books } = evidence;
  const posted = new Set(books.erpProjects.map((p) => p.key));
  const isExplained = (id: string) => {
    const project = books.psaProjects.get(id);
    return project?.isActive && project.isBillable && !project.isTemplate && !posted.has(id);
  };
  return tasks(evidence).flatMap((t): Answer[] => {
    const waiting = Math.min(...t.lines.map((l) => l.changedAt));
    if (t.erp.length > 0 || t.lines.length === 0 || isExplained(t.project)) return [];
    if (!isSettled(evidence, 1, [changedAt(t.row), waiting])) return [];
    const money = worth(books, t.lines, currencyOf(books, t.project));
    return [{ rule: "TSK-01", comparison: "tasks", key: t.key, kind: "missing_right", fields: [], money }];
  });
};

const closed: Evaluate = (evidence) => {
  const { books } = evidence;
  const shut = ["Complete", "Cancelled", "Deferred"];
  const posted = new Set(books.erpProjects.map((p) => p.key));
  return tasks(evidence).flatMap((t): Answer[] => {
    const project = books.psaProjects.get(t.project);
    if (project?.isActive && project.isBillable && !project.isTemplate && !posted.has(t.project)) return [];
    const closings = [t.row, ...t.erp]
      .filter((r) => shut.includes(String(r.pse__Status__c)) || r.status === "COMPLETE")
      .map(changedAt);
    const late = t.lines.filter((l) => l.createdAt > Math.min(...closings));
    if (closings.length === 0 || late.length === 0) return [];
    if (!isSettled(evidence, 1, [changedAt(t.row), ...closings, ...late.map((l) => l.changedAt)])) return [];
    const money = worth(books, late, currencyOf(books, t.project));
    return [
      {
        rule: "TSK-02",
        comparison: "closed-tasks",
        key: t.key,
        kind: "mismatch",
        fields: ["late_lines"],
        money,
      },
    ];
  });
};

const billable: Evaluate = (evidence) =>
  tasks(evidence).flatMap((t): Answer[] => {
    const [erp] = t.erp;
    if (t.erp.length !== 1 || (t.row.Billable__c === true) === (erp?.nonBillableTask !== true)) return [];
    const waiting = t.lines.length === 0 ? 0 : Math.min(...t.lines.map((l) => l.changedAt));
    if (!isSettled(evidence, 4, [changedAt(t.row), changedAt(erp), waiting])) return [];
    const money = worth(evidence.books, t.lines, currencyOf(evidence.books, t.project));
    return [
      { rule: "TSK-03", comparison: "tasks", key: t.key, kind: "mismatch", fields: ["billing"], money },
    ];
  });

export const TASK_ANSWERS: readonly Evaluate[] = [missing, closed, billable];
