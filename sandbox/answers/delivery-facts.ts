/** What the answers about projects, tasks, people and bookings share: time waiting to be invoiced, its worth, and what is recent. */
import { sum } from "#core/decimal";
import type { Books, PsaLine } from "../faults/books.ts";
import { isUnbilled, lineWorth, stake } from "../faults/stakes.ts";
import type { Stake } from "../faults/truth.ts";
import { HOUR } from "../firm/calendar.ts";
import type { Row, VendorStore } from "../vendor-store.ts";
import type { Evidence } from "./answer.ts";

/** A line with the moments its timecard was first saved and last changed. */
export interface OpenLine extends PsaLine {
  createdAt: number;
  changedAt: number;
}

/** Approved billable time that is on no invoice. */
export function openLines({ books, stores }: Evidence): OpenLine[] {
  return books.psaLines.filter(isUnbilled).map((line) => {
    const card = stores.salesforce.get("pse__Timecard_Header__c", line.key.split("_")[0] ?? "") ?? {};
    return { ...line, createdAt: Number(card.CreatedDate), changedAt: changedAt(card) };
  });
}

/** When a row last changed, in either vendor's words; 0 for none. */
export function changedAt(row: Row | undefined): number {
  return Number(row?.LastModifiedDate ?? row?.lastModifiedDate ?? 0);
}

/** Whether the newest of some facts is old enough to be judged. */
export function isSettled({ firm }: Evidence, hours: number, facts: readonly number[]): boolean {
  return firm.asOf - Math.max(...facts) >= hours * HOUR;
}

/** The worth of lines at contract rates and within caps, counting those no contract prices; null when it prices none of them. */
export function worth(books: Books, lines: readonly PsaLine[], currency: string): Stake | null {
  const values = lines.map((l) => lineWorth(books, l)).filter((v) => v !== null);
  if (lines.length > 0 && values.length === 0) return null;
  return stake(sum(values), currency, lines.length - values.length);
}

/** Rows of Salesforce that are not in the recycle bin. */
export function liveRows(store: VendorStore, type: string): Row[] {
  return [...store.rows(type)].filter((row) => row.IsDeleted !== true);
}

/** Rows of NetSuite by the PSA's id they carry; those that carry none are left out. */
export function byExternalId(store: VendorStore, type: string): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of store.rows(type))
    if (row.externalId) {
      const key = String(row.externalId);
      found.set(key, [...(found.get(key) ?? []), row]);
    }
  return found;
}

/** Groups by a text. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Currency a project is billed in. */
export function currencyOf(books: Books, project: string): string {
  return books.psaProjects.get(project)?.currency ?? "USD";
}
