/** What mapping needs besides the row: the account's clock and the firm's names for its legal entities. */
import type { SourceConfig } from "#core/config";
import { type Instant, instantOf } from "#core/time";
import { type Fields, quote, reject } from "../payload.ts";
import { type AccountTime, accountTime } from "./account-time.ts";

export interface Tenant {
  time: AccountTime;
  /** The firm's code for a subsidiary's internal id; the id itself when the configuration names none. */
  legalEntity(subsidiary: string): string;
  /** The internal id for a firm's code: the way back, for what is created here. */
  subsidiary(legalEntity: string): string;
  /** An instant the account shows by its wall clock; rejects what is none. */
  instant(fields: Fields, name: string): Instant;
}

export function tenantOf(source: SourceConfig): Tenant {
  const time = accountTime(source.timeZone);
  return {
    time,
    legalEntity: (subsidiary) => source.legalEntities[subsidiary] ?? subsidiary,
    subsidiary: (code) =>
      Object.keys(source.legalEntities).find((k) => source.legalEntities[k] === code) ?? code,
    instant(fields, name) {
      const text = fields.text(name);
      const ms = time.instant(text);
      return ms === null
        ? reject("bad-date", `${name} should be a date and time and holds ${quote(text)}.`)
        : instantOf(ms);
    },
  };
}

/** The agreed id a record carries, null when it carries none. */
export function externalKey(fields: Fields, name = "externalid"): string | null {
  const id = fields.text(name);
  return id === "" ? null : id;
}
