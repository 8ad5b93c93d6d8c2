/** What the firm needs of a vendor's data: rows that carry stamps, history and tombstones the way that vendor keeps them. */

/** One record; decimals as exact text, dates `YYYY-MM-DD`, instants as epoch milliseconds, references as the vendor's ids. */
export type Row = Record<string, unknown>;

export interface WriteMark {
  /** When the change happened in the vendor's system, epoch milliseconds. */
  at: number;
  /** The vendor's id of the user who did it. */
  by: string;
  /** When reads can first see it; later than `at` for a transaction that commits late. Default: `at`. */
  visibleAt?: number;
}

export interface VendorStore {
  /** Creates (id null) or updates a row: merges `fields`, stamps it, writes the vendor's change log. Returns the id. */
  write(type: string, id: string | null, fields: Row, mark: WriteMark): string;
  /** Deletes a row, leaving whatever tombstone the vendor leaves. */
  remove(type: string, id: string, mark: WriteMark): void;
  get(type: string, id: string): Row | undefined;
  rows(type: string): Iterable<Row>;
}
