/** Which exceptions there must be about sales and contracts. */
import { abs, compare, type DecimalText, divide, fixed, multiply, subtract, sum } from "#core/decimal";
import { addDays, daysBetween, type IsoDate } from "#core/time";
import type { PsaLine } from "../faults/books.ts";
import { expectedRate, isUnbilled, stake } from "../faults/stakes.ts";
import { earlier, later } from "../firm/calendar.ts";
import {
  isQuiet,
  sales,
  signedContracts,
  text,
  type WorkedProject,
  workedProjects,
  worth,
} from "./agreements.ts";
import type { Answer, Evaluate, Evidence } from "./answer.ts";

/** Days from `from` to `to`, both included; 0 when the range is empty. */
const span = (from: IsoDate, to: IsoDate) => Math.max(0, daysBetween(from, to) + 1);
/** `days` of `all`, of an amount. */
const part = (amount: DecimalText, days: number, all: number) =>
  divide(multiply(amount, String(days)), String(all));

/** What a client waits for: contracts that nothing is worked under, and sales without either. */
const unstaffed: Evaluate = ({ firm, stores }) => {
  const contracts = signedContracts(stores);
  const projects = workedProjects(stores);
  const worked = new Set(projects.map((p) => p.contract));
  const idle = contracts.filter(
    (c) =>
      c.totalValue !== null &&
      compare(c.totalValue, "0") > 0 &&
      (c.endOn === null || c.endOn >= firm.today) &&
      !worked.has(c.id) &&
      isQuiet(firm, 4, c.changedAt),
  );
  const lost = sales(stores).filter(
    (s) =>
      s.isWon &&
      s.closeOn > addDays(firm.today, -365) &&
      !projects.some((p) => p.sale === s.id) &&
      !(s.contract !== "" && worked.has(s.contract)) &&
      !idle.some((c) => c.id === s.contract) &&
      isQuiet(firm, 4, s.changedAt),
  );
  return [
    ...idle.map((c): Answer => {
      const from = later(c.startOn ?? firm.today, addDays(firm.today, 1));
      const due =
        c.startOn === null || c.endOn === null
          ? (c.totalValue as string)
          : part(
              c.totalValue as string,
              span(from, earlier(c.endOn, addDays(firm.today, 60))),
              Math.max(1, span(c.startOn, c.endOn)),
            );
      const money = stake(fixed(due, 4), c.currency);
      return {
        rule: "CON-01",
        comparison: "signed-contracts",
        key: c.id,
        kind: "missing_right",
        fields: [],
        money,
      };
    }),
    ...lost.map((s): Answer => {
      const c = contracts.find((x) => x.id === s.contract);
      const days = c?.startOn && c.endOn && c.endOn >= c.startOn ? span(c.startOn, c.endOn) : 90;
      const money = stake(fixed(part(s.amount ?? "0", Math.min(90, days), days), 4), s.currency);
      return { rule: "OPP-01", comparison: "won-sales", key: s.id, kind: "missing_right", fields: [], money };
    }),
  ];
};

const amounts: Evaluate = ({ firm, stores }) =>
  signedContracts(stores).flatMap((c): Answer[] => {
    const sold = sales(stores).filter((s) => s.isWon && s.amount !== null && s.contract === c.id);
    if (c.value === null || sold.length === 0) return [];
    const gap = abs(subtract(c.value, sum(sold.map((s) => s.amount as string))));
    const isFar = compare(gap, "100") > 0 && compare(gap, multiply(abs(c.value), "0.005")) > 0;
    const isForeign = sold.some((s) => s.currency !== c.currency);
    if ((!isFar && !isForeign) || !isQuiet(firm, 24, c.changedAt, ...sold.map((s) => s.changedAt))) return [];
    const fields = [...(isFar ? ["amount"] : []), ...(isForeign ? ["sold_in"] : [])];
    const money = stake(isForeign ? c.value : gap, c.currency);
    return [{ rule: "OPP-02", comparison: "sale-amounts", key: c.id, kind: "mismatch", fields, money }];
  });

const notWon: Evaluate = ({ firm, stores, books }) =>
  sales(stores).flatMap((s): Answer[] => {
    const projects = workedProjects(stores).filter((p) => p.sale === s.id && p.isActive);
    if (s.isWon || projects.length === 0) return [];
    if (!isQuiet(firm, 4, s.changedAt, Math.min(...projects.map((p) => p.changedAt)))) return [];
    const [first] = projects as [WorkedProject];
    const lines = books.psaLines.filter((l) => isUnbilled(l) && projects.some((p) => p.id === l.project));
    const money = worth(books, lines, first.currency);
    return [
      {
        rule: "OPP-03",
        comparison: "sale-outcomes",
        key: s.id,
        kind: "mismatch",
        fields: ["outcome"],
        money,
      },
    ];
  });

/** Each system's words for how work is billed. */
const MODELS: Readonly<Record<string, string>> = {
  "Time and Materials": "hours",
  "T&M": "hours",
  "Time and Materials, capped": "capped",
  "Fixed Price": "fixed",
  "1": "fixed",
  "2": "fixed",
  "3": "hours",
};

/** Active billable projects under a signed contract, with the ERP's row of each. */
function underContract({ stores }: Evidence) {
  const contracts = new Map(signedContracts(stores).map((c) => [c.id, c]));
  const jobs = new Map([...stores.netsuite.rows("job")].map((row) => [text(row, "externalId"), row]));
  return workedProjects(stores).flatMap((project) => {
    const contract = contracts.get(project.contract);
    return contract && project.isActive && project.isBillable
      ? [{ project, contract, job: jobs.get(project.id) }]
      : [];
  });
}

const models: Evaluate = (evidence) =>
  underContract(evidence).flatMap(({ project, contract, job }): Answer[] => {
    const signed = MODELS[contract.billing];
    const differs = (words: string) => {
      const model = MODELS[words];
      return (
        signed !== undefined &&
        model !== undefined &&
        model !== signed &&
        !(model === "hours" && signed === "capped")
      );
    };
    const signedAt = Math.max(contract.changedAt, project.linkedAt);
    const answer = (comparison: string, changedAt: number): Answer[] =>
      isQuiet(evidence.firm, 4, signedAt, changedAt)
        ? [
            {
              rule: "CON-02",
              comparison,
              key: project.id,
              kind: "mismatch",
              fields: ["model"],
              money: onProject(evidence, project),
            },
          ]
        : [];
    return [
      ...(differs(project.billing) ? answer("billing-models-psa", project.changedAt) : []),
      ...(job && differs(text(job, "jobBillingType"))
        ? answer("billing-models-erp", Number(job.lastModifiedDate))
        : []),
    ];
  });

const orders: Evaluate = (evidence) =>
  underContract(evidence).flatMap(({ project, contract, job }): Answer[] => {
    if (!contract.needsOrder || !job || text(job, "custentity_po_number").trim() !== "") return [];
    const stamps = [contract.changedAt, project.linkedAt, Number(job.lastModifiedDate)];
    if (!isQuiet(evidence.firm, 4, ...stamps)) return [];
    return [
      {
        rule: "CON-07",
        comparison: "purchase-orders",
        key: project.id,
        kind: "mismatch",
        fields: ["purchase_order"],
        money: onProject(evidence, project),
      },
    ];
  });

const onProject = ({ books }: Evidence, project: WorkedProject) =>
  worth(
    books,
    books.psaLines.filter((l) => isUnbilled(l) && l.project === project.id),
    project.currency,
  );

/** Approved billable lines under each contract, oldest work first, and when the line and the links last changed. */
function workUnder({ stores, books }: Evidence) {
  const projects = workedProjects(stores);
  const byProject = new Map<string, PsaLine[]>();
  for (const line of books.psaLines)
    if (line.isApproved && line.isBillable)
      byProject.set(line.project, [...(byProject.get(line.project) ?? []), line]);
  const changedAt = (line: PsaLine) =>
    Number(stores.salesforce.get("pse__Timecard_Header__c", line.key.split("_")[0] ?? "")?.LastModifiedDate);
  return signedContracts(stores).flatMap((contract) => {
    const own = projects.filter((p) => p.contract === contract.id);
    if (own.length === 0) return [];
    const lines = own
      .flatMap((p) => byProject.get(p.id) ?? [])
      .sort((a, b) => (a.on !== b.on ? (a.on < b.on ? -1 : 1) : a.key < b.key ? -1 : 1));
    const linkedAt = Math.max(contract.changedAt, ...own.map((p) => p.linkedAt));
    return [{ contract, lines, linkedAt, changedAt }];
  });
}

const afterEnd: Evaluate = (evidence) =>
  workUnder(evidence).flatMap(({ contract, lines, linkedAt, changedAt }): Answer[] => {
    const late = lines.filter((l) => contract.endOn !== null && l.on > contract.endOn);
    if (late.length === 0 || !isQuiet(evidence.firm, 4, linkedAt, Math.min(...late.map(changedAt))))
      return [];
    const money = worth(evidence.books, late.filter(isUnbilled), contract.currency);
    return [
      {
        rule: "CON-03",
        comparison: "contract-ends",
        key: contract.id,
        kind: "mismatch",
        fields: ["late_hours"],
        money,
      },
    ];
  });

const beyondCap: Evaluate = (evidence) =>
  workUnder(evidence).flatMap(({ contract, lines, linkedAt, changedAt }): Answer[] => {
    if (contract.cap === null) return [];
    let left: DecimalText = contract.cap;
    const beyond: DecimalText[] = [];
    let since = Number.POSITIVE_INFINITY;
    for (const line of lines) {
      const rate = expectedRate(evidence.books, line.project, line.resource, line.on);
      if (rate === null) continue;
      const value = multiply(rate, line.hours);
      const over = compare(value, left) > 0 ? subtract(value, compare(left, "0") > 0 ? left : "0") : "0";
      left = subtract(left, value);
      if (compare(over, "0") <= 0) continue;
      beyond.push(over);
      since = Math.min(since, changedAt(line));
    }
    if (beyond.length === 0 || !isQuiet(evidence.firm, 1, linkedAt, since)) return [];
    const money = stake(sum(beyond), contract.currency);
    return [
      {
        rule: "CON-04",
        comparison: "contract-caps",
        key: contract.id,
        kind: "mismatch",
        fields: ["excess"],
        money,
      },
    ];
  });

export const CONTRACT_ANSWERS: readonly Evaluate[] = [
  unstaffed,
  amounts,
  notWon,
  models,
  orders,
  afterEnd,
  beyondCap,
];
