/** Prices with a gap between them, prices that run beside each other, and projects in another currency. */
import { addDays } from "#core/time";
import { groupBy } from "../answers/group-by.ts";
import type { Contract, ContractRate } from "../firm/model.ts";
import { CURRENCY_IDS } from "../firm/netsuite-rows.ts";
import { createRandom } from "../firm/random.ts";
import { readBooks } from "./books.ts";
import { type Planting, settledAfter } from "./planting.ts";
import { isUnbilled } from "./stakes.ts";

/** Customers and roles whose prices other faults are about, or that price their bookings. */
function takenRoles({ plan, firm }: Planting): Set<string> {
  const roles = new Map(firm.people.map((p) => [p.id, p.role]));
  return new Set([
    ...Object.values(plan.rates).flatMap((list) => list.map((r) => `${r.client.id}|${r.line.role}`)),
    ...plan.repeatedRates.map((r) => `${r.master.clientId}|${r.line.role}`),
    ...Object.values(plan.assignments).flatMap((list) =>
      list.map((a) => `${a.project.clientId}|${roles.get(a.assignment.personId)}`),
    ),
  ]);
}

function plantGaps(planting: Planting, taken: Set<string>): void {
  const { firm, stores, sf, office, settled } = planting;
  const books = readBooks(stores.salesforce, stores.netsuite);
  const masters = firm.contracts.filter((c) => c.kind === "master");
  const work = groupBy(books.psaLines.filter(isUnbilled), (l) => {
    const project = books.psaProjects.get(l.project);
    return `${project?.customer}|${books.resources.get(l.resource)?.role}|${project?.currency}`;
  });
  let planted = 0;
  for (const master of masters)
    for (const line of master.rates) {
      const own = `${master.clientId}|${line.role}`;
      const key = `${sf(master.clientId)}|${line.role}|${line.currency}`;
      if (
        planted === 2 ||
        taken.has(own) ||
        !line.isSigned ||
        line.endOn !== null ||
        line.startOn > firm.today
      )
        continue;
      const days = [...new Set((work.get(key) ?? []).map((l) => l.on))]
        .filter((d) => d > line.startOn)
        .sort();
      const [first, next] = days;
      if (!first || !next) continue;
      taken.add(own);
      planted++;
      stores.salesforce.write(
        "Contract_Rate__c",
        sf(line.id),
        { End_Date__c: first },
        office("legal", settled()),
      );
      planting.expect({
        rule: "RAT-03",
        comparison: "rate-gaps",
        key,
        story: `The contract's price for ${line.role} was ended on ${first}, before the work was.`,
      });
    }
}

/** Prices that were followed by another long ago: the earlier one and the one after it. */
function successions(
  masters: readonly Contract[],
  today: string,
): { master: Contract; earlier: ContractRate; later: ContractRate }[] {
  return masters.flatMap((master) =>
    master.rates.flatMap((earlier) => {
      const later = master.rates.find(
        (r) =>
          r.isSigned &&
          r.role === earlier.role &&
          earlier.endOn !== null &&
          r.startOn === addDays(earlier.endOn, 1),
      );
      return later && later.startOn < today ? [{ master, earlier, later }] : [];
    }),
  );
}

function plantOverlaps(planting: Planting, taken: Set<string>): void {
  const { firm, stores, sf, office, settled, nearMisses } = planting;
  const random = createRandom(firm.seed, "prices beside each other");
  const masters = firm.contracts.filter((c) => c.kind === "master");
  const free = successions(masters, firm.today).filter(
    (s) => !taken.has(`${s.master.clientId}|${s.earlier.role}`),
  );
  const pick = () => {
    const [chosen] = free.length === 0 ? [] : free.splice(random.int(0, free.length - 1), 1);
    if (!chosen) return null;
    taken.add(`${chosen.master.clientId}|${chosen.earlier.role}`);
    for (let n = free.length - 1; n >= 0; n--)
      if (free[n]?.master === chosen.master && free[n]?.earlier.role === chosen.earlier.role)
        free.splice(n, 1);
    return chosen;
  };
  const keyOf = ({ master, earlier }: { master: Contract; earlier: ContractRate }) =>
    `${sf(master.clientId)}|${earlier.role}|${earlier.currency}`;
  for (const where of ["crm", "crm", "psa", "psa"] as const) {
    const found = pick();
    if (!found) continue;
    const by = office(where === "crm" ? "legal" : "staffing", settled());
    if (where === "crm")
      stores.salesforce.write("Contract_Rate__c", sf(found.earlier.id), { End_Date__c: firm.today }, by);
    else
      stores.salesforce.write(
        "pse__Rate_Card__c",
        sf(`${found.earlier.id}-card`),
        { pse__End_Date__c: firm.today },
        by,
      );
    planting.expect({
      rule: "RAT-04",
      comparison: `rates-overlap-${where}`,
      key: keyOf(found),
      story: `An earlier price for ${found.earlier.role} was made to run on beside the one that followed it.`,
    });
  }
  const near = (comparison: string, why: string) => {
    const found = pick();
    if (found) nearMisses.push({ rule: "RAT-04", comparison, key: keyOf(found), why, pendingUntil: null });
  };
  near("rates-overlap-crm", "The next price begins the day after the last one ended.");
  near("rates-overlap-psa", "The next price begins the day after the last one ended, in the PSA too.");
}

function plantCurrencies(planting: Planting): void {
  const { firm, plan, stores, sf, ns, settled, byHand, ago, nearMisses } = planting;
  const random = createRandom(firm.seed, "projects in another currency");
  const used = new Set(
    [...Object.values(plan.projects), ...Object.values(plan.states)]
      .flat()
      .map((p) => (p as { id: string }).id),
  );
  const free = firm.projects.filter(
    (p) => !p.isTemplate && p.isBillable && !used.has(p.id) && stores.netsuiteIds.has(p.id),
  );
  const live = free.filter((p) => p.isActive);
  const pick = () => (live.length === 0 ? null : (live.splice(random.int(0, live.length - 1), 1)[0] ?? null));
  const turn = (project: (typeof free)[number], at: number) => {
    const currency = project.currency === "USD" ? CURRENCY_IDS.EUR : CURRENCY_IDS.USD;
    stores.netsuite.write("job", ns(project.id), { currency }, byHand(at));
  };
  for (let n = 0; n < 2; n++) {
    const project = pick();
    if (!project) continue;
    turn(project, settled());
    planting.expect({
      rule: "RAT-06",
      comparison: "project-currency",
      key: sf(project.id),
      story: `${project.code} is billed in another currency in the ERP.`,
    });
  }
  const near = (id: string, why: string, pendingUntil: string | null) =>
    nearMisses.push({ rule: "RAT-06", comparison: "project-currency", key: sf(id), why, pendingUntil });
  const over = free.find((p) => !p.isActive);
  if (over) {
    turn(over, settled());
    near(over.id, "In another currency, but the work is over.", null);
  }
  // What is fresh can be told nothing else of: neither this project nor what was planted on it.
  const named = new Set([...planting.expected, ...planting.faults].map((e) => e.key));
  const fresh = live.find((p) => !named.has(sf(p.id)));
  if (fresh) {
    const at = ago(14);
    turn(fresh, at);
    near(fresh.id, "Put into another currency minutes ago.", settledAfter(at, 4));
  }
}

export const RATE_FAULTS: readonly ((planting: Planting) => void)[] = [
  (planting) => {
    const taken = takenRoles(planting);
    plantGaps(planting, taken);
    plantOverlaps(planting, taken);
  },
  plantCurrencies,
];
