/**
 * A stream over the issues of one tracker: what changed since the bookmark, in the order it changed. A full read lists every issue and
 * says so. When what is read beside the issues changed (whose number an employee has, whose client a project is), all are read again,
 * because that moves no issue's change time.
 */
import { instantOf, msOf } from "#core/time";
import type { Bookmark, Stream } from "../connector.ts";
import { isObject } from "../payload.ts";
import type { Instance, Json } from "./client.ts";
import { issueList, issuesByChange, issuesChangedOn, latest } from "./issue-listing.ts";
import { identify, kept, stamped, stamper, updatedMs } from "./kept.ts";
import { completeSince } from "./list-stream.ts";
import type { FieldSetting, TrackerSetting } from "./names.ts";

/** What mapping needs from other records. */
export interface Beside {
  /** Of all of it; "" where nothing is needed. */
  digest: string;
  of(issue: Json): Json;
}

export interface IssueStreamSpec
  extends Pick<Stream, "name" | "yields" | "also" | "mayVanish" | "fields" | "map"> {
  tracker: TrackerSetting;
  /** Custom fields the tracker's issues must have. */
  needs: readonly FieldSetting[];
  beside?(signal: AbortSignal): Promise<Beside>;
}

interface Cursor {
  /** The newest change read, epoch milliseconds; null when there was none. */
  since: number | null;
  /** The newest change time given to a record whose own had not moved; null when none was. */
  given: number | null;
  digest: string;
}

const NOTHING_BESIDE: Beside = { digest: "", of: () => ({}) };

export function issueStream(instance: Instance, spec: IssueStreamSpec): Stream {
  const { tracker: setting, needs, beside, ...stream } = spec;
  const overlapMs = instance.settings.overlapSeconds * 1000;

  const list = async (signal?: AbortSignal) => {
    const names = await instance.names(signal ? { signal } : {});
    const tracker = names.tracker(setting);
    for (const field of needs) names.fieldOnTracker(field, setting);
    return issueList(tracker === null ? [] : [tracker.id]);
  };

  return {
    ...stream,
    deletes: "sweep",
    identify,
    async *read(from, { full, signal }) {
      const startedAt = instance.now();
      const issues = await list(signal);
      const others = beside ? await beside(signal) : NOTHING_BESIDE;
      const before = from === null ? null : cursorOf(from);
      const isFull = full || before === null || before.digest !== others.digest;
      // An earlier read's times are to be passed only where all is read anew, or where a full read has passed them before.
      const stamps = stamper(
        isFull ? latest(before?.since ?? null, before?.given ?? null) : before.given,
        startedAt,
      );
      const since = isFull || before.since === null ? null : before.since - overlapMs;
      let reached = isFull ? null : before.since;
      let given = before?.given ?? null;
      for await (const page of issuesByChange(instance, issues, since, signal)) {
        const records = page.records.map((row) => {
          const record = kept(row, others.of(row));
          const updated = updatedMs(row);
          if (updated === null) return record;
          const at = stamps.of(updated);
          if (at !== updated) given = latest(given, at);
          return stamped(record, at);
        });
        // A change time ahead of the clock must not make us wait until then.
        reached = latest(reached, page.reached === null ? null : Math.min(page.reached, instance.now()));
        const cursor: Cursor = {
          since: reached,
          given,
          // Until a full read has ended, whoever goes on from here has to know that it had not.
          digest: page.isLast || before === null ? others.digest : before.digest,
        };
        yield {
          records,
          bookmark: JSON.stringify(textOf(cursor)),
          ...(since === null ? { total: page.total } : {}),
          completeUntil: page.isLast ? completeSince(instance, startedAt) : null,
          ...(page.isLast && since === null ? { everything: true as const } : {}),
        };
      }
    },
    // Where something is read beside the issues, their change times are not all Redmine's.
    ...(beside === undefined
      ? { countOn: async (day: string) => issuesChangedOn(instance, await list(), day) }
      : {}),
  };
}

const timeText = (ms: number | null) => (ms === null ? null : instantOf(ms));
const textOf = ({ since, given, digest }: Cursor) => ({
  since: timeText(since),
  given: timeText(given),
  digest,
});

function cursorOf(bookmark: Bookmark): Cursor {
  const parsed: unknown = JSON.parse(bookmark);
  const at = (value: unknown) => (typeof value === "string" ? msOf(value) : null);
  return isObject(parsed)
    ? { since: at(parsed.since), given: at(parsed.given), digest: String(parsed.digest ?? "") }
    : { since: null, given: null, digest: "" };
}
