/**
 * The firm both systems are about: who works for whom, at which contract rates, on which plan, and the hours they booked. Nothing
 * here is drifted; the scenarios do that. Nobody here exists.
 */

export interface Customer {
  /** Party code in Tryton, Client ref in Redmine. */
  code: string;
  name: string;
  /** Identifier of the client's root project in Redmine. */
  identifier: string;
  /** Contract rate in EUR by role. */
  rates: Readonly<Record<string, string>>;
}

export interface Person {
  /** Employee number: party code in Tryton, Employee no in Redmine. */
  no: string;
  login: string;
  first: string;
  last: string;
  role: string;
  /** Per hour, in EUR. */
  cost: string;
}

export interface Task {
  name: string;
  /** Whose price the work is billed at. */
  role: string;
  plannedHours: number;
}

export interface Booking {
  /** Task name, or null: booked on the project itself. */
  task: string | null;
  person: string;
  percent: number;
  /** Hours of the successive working days; 0 is a day off. */
  hours: readonly number[];
}

export interface Engagement {
  /** Redmine identifier, and the key in brackets in Tryton's name. */
  identifier: string;
  name: string;
  customer: string;
  /** Role of work that is booked on the project itself. */
  role: string;
  tasks: readonly Task[];
  bookings: readonly Booking[];
}

export const COMPANY = "Plumb & Partners";
export const CURRENCY = "EUR";

/** Role → list price without a contract, in EUR. */
export const ROLES: Readonly<Record<string, string>> = {
  "Engagement Manager": "240.00",
  "Senior Consultant": "180.00",
  Consultant: "130.00",
};

export const CUSTOMERS: readonly Customer[] = [
  {
    code: "C-1001",
    name: "Kestrel Insurance",
    identifier: "kestrel",
    rates: { "Engagement Manager": "225.00", "Senior Consultant": "165.00", Consultant: "120.00" },
  },
  {
    code: "C-1002",
    name: "Halden Rail",
    identifier: "halden",
    rates: { "Engagement Manager": "231.50", "Senior Consultant": "172.50", Consultant: "128.75" },
  },
];

export const PEOPLE: readonly Person[] = [
  { no: "E001", login: "dana", first: "Dana", last: "Whitfield", role: "Senior Consultant", cost: "72.5000" },
  { no: "E002", login: "marek", first: "Marek", last: "Ruiz", role: "Consultant", cost: "55.2500" },
  { no: "E003", login: "ines", first: "Ines", last: "Okonkwo", role: "Consultant", cost: "57.0000" },
  {
    no: "E004",
    login: "tobias",
    first: "Tobias",
    last: "Lindqvist",
    role: "Engagement Manager",
    cost: "95.0000",
  },
  { no: "E005", login: "priya", first: "Priya", last: "Sharma", role: "Senior Consultant", cost: "74.0000" },
];

export const ENGAGEMENTS: readonly Engagement[] = [
  {
    identifier: "kestrel-dp",
    name: "Kestrel data platform",
    customer: "C-1001",
    role: "Engagement Manager",
    tasks: [
      { name: "Discovery", role: "Senior Consultant", plannedHours: 120 },
      { name: "Build", role: "Consultant", plannedHours: 400 },
    ],
    bookings: [
      {
        task: "Discovery",
        person: "E001",
        percent: 80,
        hours: [7.5, 7.5, 6, 7.5, 7.5, 7.5, 7.5, 6, 7.5, 7.5, 7.5, 4.25],
      },
      { task: "Build", person: "E002", percent: 100, hours: [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8] },
      { task: "Build", person: "E003", percent: 50, hours: [4, 3.75, 4, 4, 4, 4, 4, 4, 4, 3.5, 4, 4] },
      { task: null, person: "E004", percent: 20, hours: [1.5, 0, 0, 2, 0, 1.5, 0, 0, 2, 0, 1.5, 0] },
    ],
  },
  {
    identifier: "halden-ledger",
    name: "Halden ledger migration",
    customer: "C-1002",
    role: "Engagement Manager",
    tasks: [
      { name: "Analysis", role: "Senior Consultant", plannedHours: 160 },
      { name: "Migration", role: "Consultant", plannedHours: 240 },
    ],
    bookings: [
      { task: "Analysis", person: "E005", percent: 90, hours: [7, 7, 7.25, 7, 0, 7, 7, 7.5, 7, 7, 7, 7] },
      { task: "Migration", person: "E003", percent: 40, hours: [3, 3, 3, 3, 3, 0, 3, 3.5, 3, 3, 3, 3] },
    ],
  },
];

/** The engagement whose first days are invoiced, and how many working days that is. */
export const INVOICED = { engagement: "kestrel-dp", days: 5 } as const;

export const WORKING_DAYS = 12;

export interface Calendar {
  today: string;
  signedOn: string;
  endsOn: string;
  /** Working days with time, oldest first. */
  days: readonly string[];
}

/** The firm's dates, around a day: signed two months before, time on the last working days, planned three months ahead. */
export function calendarOf(today: string): Calendar {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  const day = (y: number, m: number, d: number) => new Date(Date.UTC(y, m, d)).toISOString().slice(0, 10);
  const days: string[] = [];
  for (let back = 1; days.length < WORKING_DAYS; back++) {
    const at = new Date(Date.parse(`${today}T00:00:00Z`) - back * 86_400_000);
    if (at.getUTCDay() % 6 !== 0) days.unshift(at.toISOString().slice(0, 10));
  }
  return { today, signedOn: day(year, month - 3, 1), endsOn: day(year, month + 3, 0), days };
}

export function customerOf(code: string): Customer {
  return found(CUSTOMERS, (c) => c.code === code, code);
}

export function personOf(no: string): Person {
  return found(PEOPLE, (p) => p.no === no, no);
}

/** `<issue id or project identifier>|<employee number>`, as both systems name an assignment. */
export function allocationKey(work: string | number, person: string): string {
  return `${work}|${person}`;
}

function found<T>(list: readonly T[], is: (one: T) => boolean, what: string): T {
  const one = list.find(is);
  if (one === undefined) throw new Error(`The firm has no ${what}`);
  return one;
}

/** A record's value that must be there. */
export function at<T>(record: Readonly<Record<string, T>>, key: string): T {
  const value = record[key];
  if (value === undefined) throw new Error(`There is no ${key} among ${Object.keys(record).join(", ")}`);
  return value;
}
