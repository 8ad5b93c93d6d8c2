/** What the planters share: the stores, the plan, and where they note down what they did. */
import { type IsoDate, instantOf } from "#core/time";
import { NETSUITE_ACCOUNTANT_ID, userOf } from "../firm/actors.ts";
import { HOUR, MINUTE } from "../firm/calendar.ts";
import type { Firm } from "../firm/model.ts";
import { idOf } from "../firm/replay.ts";
import type { NoteBook } from "../netsuite/note-book.ts";
import type { Row, VendorStore, WriteMark } from "../vendor-store.ts";
import type { Books } from "./books.ts";
import type { FaultPlan } from "./plan.ts";
import type { Absorbed, NearMiss, PlantedFault, PlantedPush, Stake } from "./truth.ts";

/** Both vendors' rows, with the ids the seeders were given; planters add those of what they create. */
export interface SeededStores {
  salesforce: VendorStore;
  /** With the notes of who changed what. */
  netsuite: VendorStore & { readonly notes: Pick<NoteBook, "notes"> };
  salesforceIds: Map<string, string>;
  netsuiteIds: Map<string, string>;
}

/** A fault whose money and push are worked out once everything is planted. */
export interface PlannedFault extends Omit<PlantedFault, "money" | "push"> {
  money?: (books: Books, today: IsoDate) => Stake | null;
  push?: (books: Books) => PlantedPush | null;
}

/** An exception that a planted fault must bring about. */
export interface Expected {
  rule: string;
  comparison: string;
  key: string;
}

export interface Planting {
  firm: Firm;
  plan: FaultPlan;
  stores: SeededStores;
  faults: PlannedFault[];
  nearMisses: NearMiss[];
  /** Failures that what was planted explains, beside those of projects the ERP lacks. */
  absorbed: Absorbed[];
  /** Planted faults whose answers are worked out (see sandbox/answers). */
  expected: Expected[];
  /** What is planted once all else is, because it goes by what the books then hold. */
  last: ((books: Books) => void)[];
  /** Notes that a fault was planted and what was done. */
  expect(fault: Expected & { story: string }): void;
  /** What was done to bring an exception about; of one that other faults bring with them, that they do. */
  storyOf(fault: Expected): string;
  /** A record's Salesforce id, by the firm's own id. */
  sf(own: string): string;
  ns(own: string): string;
  /** A little over a day before the firm's last instant, later at each call: past every settle time. */
  settled(): number;
  /** Minutes before the firm's last instant. */
  ago(minutes: number): number;
  /** A change by a back-office desk in Salesforce. */
  office(desk: Parameters<typeof userOf>[1], at: number): WriteMark;
  /** A change by hand in NetSuite. */
  byHand(at: number): WriteMark;
  /** Makes sure a record is not in NetSuite, whether or not it ever was. */
  absent(type: string, own: string): void;
}

export function createPlanting(firm: Firm, plan: FaultPlan, stores: SeededStores): Planting {
  let changes = 0;
  const stories = new Map<string, string>();
  const name = (e: Expected) => `${e.rule} ${e.comparison} ${e.key}`;
  const expected: Expected[] = [];
  return {
    expected,
    expect({ story, ...fault }) {
      expected.push(fault);
      stories.set(name(fault), story);
    },
    storyOf: (fault) => stories.get(name(fault)) ?? "Follows from what was planted for other rules.",
    firm,
    plan,
    stores,
    faults: [],
    last: [],
    nearMisses: [],
    absorbed: [],
    sf: (own) => idOf(stores.salesforceIds, own),
    ns: (own) => idOf(stores.netsuiteIds, own),
    settled: () => firm.asOf - 46 * HOUR + Math.min(changes++ * 8 * MINUTE, 18 * HOUR),
    ago: (minutes) => firm.asOf - minutes * MINUTE,
    office: (desk, at) => ({ at, by: userOf(stores.salesforceIds, desk) }),
    byHand: (at) => ({ at, by: NETSUITE_ACCOUNTANT_ID }),
    absent(type, own) {
      const id = stores.netsuiteIds.get(own);
      if (id !== undefined && stores.netsuite.get(type, id))
        stores.netsuite.remove(type, id, { at: this.settled(), by: NETSUITE_ACCOUNTANT_ID });
    },
  };
}

/** When something changed at `at` stops being too fresh to judge. */
export function settledAfter(at: number, hours: number): string {
  return instantOf(at + hours * HOUR);
}

/** Every row of a type that holds a value. */
export function rowsWhere(store: VendorStore, type: string, field: string, value: unknown): Row[] {
  return [...store.rows(type)].filter((row) => row[field] === value);
}
