/**
 * The connection check: the key and whose it is, every name in the settings, every list with its count, and what cannot be seen on
 * this server. How long a full list of time entries takes is estimated, because without the change feed every read makes one.
 */
import type { SourceConfig } from "#core/config";
import { sayError } from "#core/errors";
import { type Clock, durationMs, sayDuration } from "#core/time";
import type { CheckResult } from "../connector.ts";
import type { Instance } from "./client.ts";
import { ACTIVE_USERS, PROJECTS } from "./directory.ts";
import { feedAfter } from "./feed.ts";
import { issueList } from "./issue-listing.ts";
import { listPage } from "./listing.ts";
import {
  FIELD_SETTINGS,
  type FieldSetting,
  type Names,
  TRACKER_SETTINGS,
  type Tracker,
  type TrackerSetting,
} from "./names.ts";
import { readRefused } from "./read-error.ts";
import { timeList } from "./streams-time.ts";

type Found = Omit<CheckResult, "what">;

/** Which streams' trackers must have which fields. */
const ON_TRACKER: readonly (readonly [FieldSetting, TrackerSetting])[] = [
  ["allocationField", "allocationTracker"],
  ["rateField", "allocationTracker"],
  ["rateField", "rateTracker"],
  ["currencyField", "rateTracker"],
];

export async function checkInstance(
  instance: Instance,
  source: SourceConfig,
  clock: Clock,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const attempt = async (what: string, work: () => Promise<Found> | Found) => {
    try {
      results.push({ what, ...(await work()) });
    } catch (error) {
      results.push({ what, ok: false, message: sayError(error) });
    }
  };
  await attempt("API key", () => checkKey(instance));
  // Everything else would fail for the same reason.
  if (results.some((r) => !r.ok)) return results;
  await attempt("Clock", () => checkClock(instance, clock));
  let names: Names | null = null;
  await attempt("Names", async () => {
    names = await instance.names();
    return {
      ok: true,
      message: `It has ${names.fields.size} custom fields and ${names.trackers.size} trackers.`,
    };
  });
  const trackers = names === null ? null : await checkNames(instance, names, attempt);
  await checkLists(
    instance,
    source,
    clock,
    names === null || trackers === null ? [] : idsOf(names, trackers),
    attempt,
  );
  return results;
}

async function checkKey(instance: Instance): Promise<Found> {
  const who = await instance.whoami();
  if (!who.known) {
    const response = { status: who.status, headers: new Headers(), text: () => "", json: () => null };
    return {
      ok: false,
      message: sayError(readRefused(instance.name, "/users/current.json", response, who)),
    };
  }
  return who.isAdmin
    ? { ok: true, message: `It is the key of "${who.login}", an administrator.` }
    : {
        ok: false,
        message: `It is the key of "${who.login}", who is no administrator. Users, custom fields and every project can only be read with an administrator's key; make one for an account of the integration's own.`,
      };
}

function checkClock(instance: Instance, clock: Clock): Found {
  if (instance.tellsTime() !== true)
    return {
      ok: true,
      message: `Its answers do not carry its time, so ours is used for what is complete, ${instance.settings.overlapSeconds} s back. Keep both clocks set; a web server in front of Redmine would send the time.`,
    };
  const apart = Math.abs(instance.now() - clock.now());
  return {
    ok: true,
    message:
      apart < 5000
        ? "Its clock agrees with ours."
        : `Its clock is ${sayDuration(apart)} from ours; its own is used for what is complete.`,
  };
}

type Attempt = (what: string, work: () => Promise<Found> | Found) => Promise<void>;

/** @returns the trackers that are there */
async function checkNames(
  instance: Instance,
  names: Names,
  attempt: Attempt,
): Promise<ReadonlySet<TrackerSetting>> {
  const s = instance.settings;
  const trackers = new Set<TrackerSetting>();
  for (const setting of TRACKER_SETTINGS)
    if (s[setting] !== null)
      await attempt(`${setting} "${s[setting]}"`, () => {
        const tracker = names.tracker(setting);
        trackers.add(setting);
        return { ok: true, message: `Tracker ${tracker?.id}.` };
      });
  for (const setting of Object.keys(FIELD_SETTINGS) as FieldSetting[]) {
    if (!isUsed(setting, instance)) continue;
    await attempt(`${setting} "${s[setting]}"`, () => {
      const field = names.field(setting);
      for (const [of, tracker] of ON_TRACKER)
        if (of === setting && trackers.has(tracker)) names.fieldOnTracker(setting, tracker);
      return field?.isMultiple
        ? {
            ok: false,
            message: `The custom field "${field.name}" may hold several values at once, and only one can be meant. Clear "Multiple values" on it.`,
          }
        : { ok: true, message: `Custom field ${field?.id}, a ${field?.format}.` };
    });
  }
  for (const activity of s.nonBillableActivities)
    await attempt(`nonBillableActivities "${activity}"`, () => {
      const there = [...names.activities.values()];
      return there.includes(activity)
        ? { ok: true, message: "There is an activity of that name." }
        : {
            ok: false,
            message: `${instance.name} has no activity of that name. It has: ${there.map((a) => `"${a}"`).join(", ")}. An activity that only some projects have may not be listed here.`,
          };
    });
  if (s.approvalField === null)
    await attempt("approvalField", () => ({
      ok: true,
      message: "It is null, so every time entry counts as approved.",
    }));
  return trackers;
}

/** Fields of trackers that are not read are not looked for. */
function isUsed(setting: FieldSetting, { settings: s }: Instance): boolean {
  if (s[setting] === null) return false;
  if (setting === "allocationField") return s.allocationTracker !== null;
  if (setting === "currencyField") return s.rateTracker !== null;
  return setting !== "rateField" || s.allocationTracker !== null || s.rateTracker !== null;
}

const idsOf = (names: Names, settings: ReadonlySet<TrackerSetting>) =>
  [...settings].flatMap((setting) => names.tracker(setting) ?? []);

async function checkLists(
  instance: Instance,
  source: SourceConfig,
  clock: Clock,
  trackers: readonly Tracker[],
  attempt: Attempt,
): Promise<void> {
  const s = instance.settings;
  const readable = (n: number): Found => ({ ok: true, message: `Can be read; there are ${n}.` });
  await attempt("users", async () => readable((await listPage(instance, ACTIVE_USERS, { offset: 0 })).total));
  await attempt("projects", async () => readable((await listPage(instance, PROJECTS, { offset: 0 })).total));
  const total = async (ids: readonly number[]) =>
    (await listPage(instance, issueList(ids), { offset: 0, limit: 2 })).total;
  for (const { id, name } of trackers)
    await attempt(`issues of "${name}"`, async () => readable(await total([id])));
  if (s.history && trackers.length > 0)
    await attempt("journals", async () => {
      const began = clock.now();
      const issues = await total(trackers.map((t) => t.id));
      const each = clock.now() - began;
      return {
        ok: true,
        message: `The first read asks for each of ${issues} issues, which takes about ${sayDuration(issues * each)}; later ones only for those that changed. historyFrom makes it less.`,
      };
    });
  await attempt("time_entries", () => checkTime(instance, source, clock));
}

async function checkTime(instance: Instance, source: SourceConfig, clock: Clock): Promise<Found> {
  const feed = instance.settings.changeFeed === "off" ? null : await feedAfter(instance, 0, { limit: 1 });
  const list = timeList(instance.settings.timeFrom);
  const { rows, total } = await listPage(instance, list, { offset: 0 });
  // The further into a list, the longer a page takes: one from its middle is timed.
  const began = clock.now();
  await listPage(instance, list, { offset: Math.floor(total / 2) });
  const takes = Math.ceil(total / Math.max(1, rows.length - 1)) * (clock.now() - began);
  if (feed !== null)
    return {
      ok: true,
      message: `Can be read; there are ${total}. The change feed plug-in is there, so changes and deletions are read from it, to the moment and with who made them.`,
    };
  const blind =
    "There is no change feed: every read lists all of them, and who changed or deleted one cannot be seen. When one was deleted is an upper bound: the read that no longer found it.";
  const most = Math.min(durationMs(source.maxAge), everyMs(source.schedule) ?? Number.POSITIVE_INFINITY);
  return {
    ok: true,
    message: `Can be read; there are ${total}, which takes about ${sayDuration(takes)}. ${blind}${
      takes < most
        ? ""
        : ` That is longer than the schedule allows (${sayDuration(most)}): set timeFrom to the first day that still matters, read less often, or install the change feed plug-in.`
    }`,
  };
}

/** How often a plain schedule comes round (every so many minutes); null for any other. */
function everyMs(schedule: string): number | null {
  const m = /^\*(?:\/(\d+))? \* \* \* \*$/.exec(schedule.trim());
  return m ? Number(m[1] ?? 1) * 60_000 : null;
}
