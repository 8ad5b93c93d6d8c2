/** Who buys and on what terms: clients, their master agreements with yearly uplifts, statements of work, sales. */
import { addDays, type IsoDate } from "#core/time";
import { addYears, DAY, dateOf, HOUR, instantAt } from "./calendar.ts";
import type {
  Amendment,
  Client,
  Contract,
  ContractRate,
  LegalEntity,
  Opportunity,
  PaymentTerms,
} from "./model.ts";
import { CLIENT_NAMES, CONTRACT_ROLES, ROLE_PRICES, WORK_NAMES } from "./names.ts";
import { hundredths, roundTo } from "./quantities.ts";
import type { Random } from "./random.ts";

const TERMS: readonly PaymentTerms[] = ["Net 30", "Net 30", "Net 60", "Net 15"];
/** Above what any of the firm's statements of work comes to. */
const CAP_CENTS = 400_000_000;

export const ENTITIES: readonly LegalEntity[] = [
  { code: "US01", name: "Acme PS Inc.", currency: "USD", fx: "1" },
  { code: "GB01", name: "Acme PS Ltd.", currency: "GBP", fx: "1.27" },
  { code: "DE01", name: "Acme PS GmbH", currency: "EUR", fx: "1.08" },
];

/** Price level of each currency against the US list, in percent. */
export const PRICE_LEVEL = { USD: 100, GBP: 80, EUR: 93 } as const;

/** Nothing that would be undecided if a demo ran past midnight: no yearly change this close to today. */
const QUIET_DAYS = 21;

export function createClients(random: Random, count: number, asOf: number, months: number): Client[] {
  return Array.from({ length: count }, (_, n) => {
    const entity = ENTITIES[n % 5 < 2 ? 0 : n % 5 < 4 ? 1 : 2] as LegalEntity;
    const again = Math.floor(n / CLIENT_NAMES.length);
    return {
      id: `client-${n + 1}`,
      name: `${CLIENT_NAMES[n % CLIENT_NAMES.length]}${again > 0 ? ` ${again + 1}` : ""}`,
      number: `C-${10_400 + n * 7}`,
      entity: entity.code,
      currency: entity.currency,
      // Every sixth client belongs to the one before it.
      parentId: n % 6 === 5 ? `client-${n}` : null,
      taxNumber: `${entity.code.slice(0, 2)}${400_100_000 + n * 7_919}`,
      paymentTerms: TERMS[n % TERMS.length] as PaymentTerms,
      createdAt: asOf - (months * 31 + 1_150 + random.int(0, 200)) * DAY + random.int(0, 8) * HOUR,
    };
  });
}

/** The agreement a client's prices come from: one line per role and year, each year dearer, the last line open-ended. */
export function createMaster(
  random: Random,
  client: Client,
  order: number,
  asOf: number,
  months: number,
): Contract {
  const today = dateOf(asOf);
  let startOn = addDays(today, -(months * 31 + random.int(60, 900)));
  while (yearlyDates(startOn, today).some((d) => nearToday(d, today))) startOn = addDays(startOn, -7);
  const signedAt = instantAt(addDays(startOn, -random.int(8, 25)), 15, random.int(0, 59));
  const factor = random.pick([95, 100, 100, 105, 110]);
  const starts = yearlyDates(startOn, today);
  const next = addYears(starts.at(-1) ?? startOn, 1);
  const nextIsSigned = order % 3 === 0;
  const nextIsDrafted = order % 3 === 1;

  const rates: ContractRate[] = [];
  for (const role of CONTRACT_ROLES) {
    let cents = roundTo(((ROLE_PRICES[role] ?? 0) * PRICE_LEVEL[client.currency] * factor) / 10_000, 50);
    const all = nextIsSigned || nextIsDrafted ? [...starts, next] : starts;
    for (const [n, from] of all.entries()) {
      if (n > 0) cents = roundTo((cents * random.int(1025, 1045)) / 1000, 25);
      const isNext = n === starts.length;
      const isSigned = !isNext || nextIsSigned;
      const previous = rates.at(-1);
      const at =
        n === 0
          ? signedAt
          : Math.min(instantAt(addDays(from, -30), 15), asOf - 12 * DAY) - random.int(0, 50) * 60_000;
      if (n > 0 && previous && isSigned) {
        previous.endOn = addDays(from, -1);
        previous.endedAt = at;
      }
      rates.push({
        id: `${client.id}-rate-${role}-${n}`,
        role,
        rate: hundredths(cents),
        currency: client.currency,
        startOn: from,
        endOn: null,
        isSigned,
        createdAt: at - 3 * DAY,
        signedAt: at,
        endedAt: null,
      });
    }
  }
  return {
    id: `${client.id}-master`,
    clientId: client.id,
    kind: "master",
    entity: client.entity,
    currency: client.currency,
    opportunityId: null,
    value: null,
    billingType: "Time and Materials",
    cap: null,
    paymentTerms: client.paymentTerms,
    poNumber: null,
    startOn,
    endOn: addDays(addYears(startOn, 6), -1),
    signedOn: dateOf(signedAt),
    createdAt: signedAt - 9 * DAY,
    signedAt,
    amendments: [],
    rates,
  };
}

/** A won sale and the statement of work signed for it, in time for a project that starts on `startOn`. */
export function createSale(
  random: Random,
  client: Client,
  order: number,
  name: string,
  startOn: IsoDate,
  endOn: IsoDate,
  isFixedPrice: boolean,
  asOf: number,
): { opportunity: Opportunity; contract: Contract } {
  const wonAt = Math.min(
    instantAt(addDays(startOn, -random.int(32, 50)), 16, random.int(0, 59)),
    asOf - 8 * DAY,
  );
  const value = hundredths(roundTo(random.int(6_000_000, 60_000_000), 500_000));
  const opportunity: Opportunity = {
    id: `opportunity-${order}`,
    clientId: client.id,
    name: `${client.name} ${name}`,
    amount: value,
    currency: client.currency,
    closeOn: dateOf(wonAt),
    stages: [
      { stage: "Qualification", at: wonAt - random.int(60, 110) * DAY },
      { stage: "Proposal/Price Quote", at: wonAt - random.int(20, 50) * DAY },
      { stage: "Closed Won", at: wonAt },
    ],
  };
  const signedAt = wonAt + random.int(1, 3) * DAY;
  const amendedAt = asOf - random.int(20, 60) * DAY;
  const amended = random.chance(25) && amendedAt > signedAt + 20 * DAY;
  const amendments: Amendment[] = amended
    ? [
        {
          id: `contract-${order}-amendment`,
          name: "Amendment 1: extended scope",
          signedOn: dateOf(amendedAt),
          effectiveOn: addDays(dateOf(amendedAt), 5),
          endOn,
          value: hundredths(roundTo(random.int(1_000_000, 9_000_000), 100_000)),
          createdAt: amendedAt - 6 * DAY,
          signedAt: amendedAt,
        },
      ]
    : [];
  const isCapped = !isFixedPrice && order % 5 === 2;
  const contract: Contract = {
    id: `contract-${order}`,
    clientId: client.id,
    kind: "statement-of-work",
    entity: client.entity,
    currency: client.currency,
    opportunityId: opportunity.id,
    value,
    billingType: isFixedPrice
      ? "Fixed Price"
      : isCapped
        ? "Time and Materials, capped"
        : "Time and Materials",
    cap: isCapped ? hundredths(CAP_CENTS) : null,
    paymentTerms: client.paymentTerms,
    poNumber: order % 4 === 1 ? `PO-${50_000 + order * 13}` : null,
    startOn,
    endOn,
    signedOn: dateOf(signedAt),
    createdAt: wonAt + 2 * HOUR,
    signedAt,
    amendments,
    rates: [],
  };
  return { opportunity, contract };
}

/** Sales that came to nothing, or have not come to anything yet. */
export function createOtherSales(random: Random, clients: readonly Client[], asOf: number): Opportunity[] {
  return clients.flatMap((client, n) =>
    (["Closed Lost", "Negotiation/Review"] as const)
      .filter(() => random.chance(55))
      .map((last, i) => {
        const endAt = asOf - random.int(5, 100) * DAY - random.int(0, 9) * HOUR;
        return {
          id: `opportunity-other-${n}-${i}`,
          clientId: client.id,
          name: `${client.name} ${random.pick(WORK_NAMES)}`,
          amount: hundredths(roundTo(random.int(5_000_000, 40_000_000), 500_000)),
          currency: client.currency,
          closeOn: last === "Closed Lost" ? dateOf(endAt) : addDays(dateOf(asOf), random.int(20, 90)),
          stages: [
            { stage: "Qualification", at: endAt - random.int(30, 80) * DAY },
            { stage: last, at: endAt },
          ],
        };
      }),
  );
}

/** The signed line that prices a role on a date: the newest start wins. Null when no line covers it. */
export function contractedRate(master: Contract, role: string, on: IsoDate): ContractRate | null {
  let found: ContractRate | null = null;
  for (const line of master.rates)
    if (
      line.isSigned &&
      line.role === role &&
      line.startOn <= on &&
      (line.endOn === null || on <= line.endOn) &&
      (found === null || line.startOn > found.startOn)
    )
      found = line;
  return found;
}

function yearlyDates(first: IsoDate, until: IsoDate): IsoDate[] {
  const dates: IsoDate[] = [];
  for (let n = 0, date = first; date <= until; date = addYears(first, ++n)) dates.push(date);
  return dates;
}

/** Whether this date's day of the year falls within the quiet days around today, in any year. */
function nearToday(date: IsoDate, today: IsoDate): boolean {
  return [-1, 0, 1].some((shift) => {
    const same = addYears(`${today.slice(0, 4)}${date.slice(4)}`, shift);
    return same > addDays(today, -QUIET_DAYS) && same < addDays(today, QUIET_DAYS);
  });
}
