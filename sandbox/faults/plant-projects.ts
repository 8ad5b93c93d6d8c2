/** Projects the ERP does not know, knows by another code, plans on other dates, or has closed or opened on its own. */
import { addDays } from "#core/time";
import { CLOSED_JOB, OPEN_JOB } from "../firm/netsuite-rows.ts";
import type { Planting } from "./planting.ts";
import { rowsWhere } from "./planting.ts";
import { missingProjectStake, unbilledProjectStake } from "./stakes.ts";

const CODE_SLIPS: readonly [(code: string) => string, string][] = [
  [(code) => code.replace("-", ""), "typed without its dash"],
  [(code) => code.replace(/0(\d+)$/, "O$1"), "typed with a letter O for a zero"],
  [(code) => `${code}-A`, "given a suffix"],
];

export function plantProjects(planting: Planting): void {
  const { plan, stores, sf, ns, faults, settled, byHand } = planting;
  for (const project of plan.projects.missing) {
    const key = sf(project.id);
    removeProject(planting, project.id);
    faults.push({
      rule: "PRJ-01",
      comparison: "projects",
      key,
      kind: "missing_right",
      fields: [],
      story: `${project.code} was set up in the PSA and never in the ERP; its approved time has nowhere to go.`,
      money: (books) => missingProjectStake(books, key),
      push: (books) => {
        const p = books.psaProjects.get(key);
        if (!p) return null;
        const values: [string, string][] = [
          ["code", p.code],
          ["name", p.name],
          ["customer_key", p.customer],
          ["legal_entity", p.entity],
          ["currency", p.currency],
          ["start_on", p.startOn],
          ["end_on", p.endOn],
        ];
        const changes = values.map(([field, to]) => ({ field, from: null, to }));
        return { targetRole: "erp", entity: "project", action: "create", key, changes };
      },
    });
  }
  for (const [n, project] of plan.projects.code.entries()) {
    const key = sf(project.id);
    const [slip, how] = CODE_SLIPS[n % CODE_SLIPS.length] as (typeof CODE_SLIPS)[number];
    stores.netsuite.write("job", ns(project.id), { entityId: slip(project.code) }, byHand(settled()));
    faults.push({
      rule: "PRJ-03",
      comparison: "projects",
      key,
      kind: "mismatch",
      fields: ["code"],
      story: `${project.code} was ${how} in the ERP.`,
      money: (books) => unbilledProjectStake(books, key),
    });
  }
  for (const [n, project] of plan.projects.dates.entries()) {
    const fields = [["end_on"], ["start_on"], ["start_on", "end_on"]][n % 3] as string[];
    const change = {
      ...(fields.includes("start_on") ? { startDate: addDays(project.startOn, 5) } : {}),
      ...(fields.includes("end_on") ? { projectedEndDate: addDays(project.endOn, -30) } : {}),
    };
    stores.netsuite.write("job", ns(project.id), change, byHand(settled()));
    faults.push({
      rule: "PRJ-08",
      comparison: "projects",
      key: sf(project.id),
      kind: "mismatch",
      fields,
      story: `${project.code} was replanned in the ERP by hand.`,
    });
  }
  const states = [
    ...plan.states.closed.map((project) => ({
      project,
      entityStatus: CLOSED_JOB,
      story: `${project.code} was closed in the ERP while people still work on it.`,
    })),
    ...plan.states.reopened.map((project) => ({
      project,
      entityStatus: OPEN_JOB,
      story: `${project.code} is completed in the PSA; the ERP's was opened again and left so.`,
    })),
  ];
  for (const { project, entityStatus, story } of states) {
    const key = sf(project.id);
    stores.netsuite.write("job", ns(project.id), { entityStatus }, byHand(settled()));
    faults.push({
      rule: "PRJ-06",
      comparison: "project-status",
      key,
      kind: "mismatch",
      fields: ["status"],
      story,
      money: (books) => unbilledProjectStake(books, key),
    });
  }
}

/** Takes a project and all that hangs on it out of NetSuite; nothing happens where it never arrived. */
function removeProject({ stores: { netsuite, netsuiteIds }, byHand, settled }: Planting, own: string): void {
  const job = netsuiteIds.get(own);
  if (job === undefined || !netsuite.get("job", job)) return;
  const hanging = [
    ["timeBill", "customer"],
    ["resourceAllocation", "project"],
    ["projectTask", "project"],
    ["invoice", "entity"],
  ] as const;
  for (const [type, field] of hanging)
    for (const row of rowsWhere(netsuite, type, field, job))
      netsuite.remove(type, String(row.id), byHand(settled()));
  netsuite.remove("job", job, byHand(settled()));
}
