/** Everything that happened around an exception on one axis: the vendors' change logs, the exception's own events, its pushes. */
import type { Entity } from "#core/entities";
import { entitiesOf } from "#ingest/connector";
import { type ObservedChange, observedChanges } from "#ingest/observed";
import type { Evidence } from "#reconcile/evidence";
import type { Push } from "#reconcile/push/state";
import { type ExceptionDetail, exceptionEvents } from "#sql/queries/exceptions";
import { pushEvents } from "#sql/queries/pushes";
import { recordChanges } from "#sql/queries/timeline";
import { isNever, sayDate, sayInstant, sayMoney } from "../format.ts";
import type { Services } from "../services.server.ts";
import { EVENT_WORDS, fieldWords, PUSH_EVENT_WORDS } from "../words.ts";
import { systemNames } from "./freshness.server.ts";
import { systemOf } from "./what-is-wrong.server.ts";

const CHANGES_SHOWN = 100;
/** Of a key that is held very often, the first records are looked at. */
const RECORDS_OBSERVED = 5;

export interface Moment {
  at: string;
  /** Which system's change log, or Plumbline itself. */
  from: "left" | "right" | "plumbline";
  system: string;
  what: string;
  /** Who, and what kind of identity. */
  who: string;
  note: string;
  link: string | null;
}

/** Newest first. */
export async function timeline(
  services: Services,
  it: {
    row: ExceptionDetail;
    evidence: Evidence | null;
    entity: Entity | "";
    pushes: readonly Push[];
    called: Readonly<Record<string, string>>;
  },
): Promise<Moment[]> {
  const { store } = services;
  const systems = systemNames(services.sources);
  const call = (actor: string) =>
    actor === "" || actor === "plumbline" ? "Plumbline" : (it.called[actor] ?? actor);
  const [changes, observed, events, ...pushRows] = await Promise.all([
    it.evidence
      ? store.query(recordChanges, {
          entity: it.entity,
          left_source: it.evidence.left.sourceId,
          left_ids: withParents(it.evidence.left.nativeIds),
          right_source: it.evidence.right.sourceId,
          right_ids: withParents(it.evidence.right.nativeIds),
          limit: CHANGES_SHOWN,
        })
      : [],
    it.evidence ? observedOn(services, it.evidence, it.entity) : [],
    store.query(exceptionEvents, { id: it.row.id }),
    ...it.pushes.map((p) => store.query(pushEvents, { push_id: p.id })),
  ]);
  const moments: Moment[] = [
    ...changes.map((c): Moment => {
      const isLeft = c.source_id === it.evidence?.left.sourceId;
      return {
        at: c.changed_at,
        from: isLeft ? "left" : "right",
        system: systemOf(c.role, systems),
        what: changeWords(c),
        who: `${c.actor || "unknown"}${c.actor_kind === "integration" ? " (integration)" : ""}`,
        note: "",
        link: null,
      };
    }),
    // What a log tells too is not told twice.
    ...observed
      .filter(
        (o) => !changes.some((c) => c.field === o.field && c.changed_at > o.after && c.changed_at <= o.until),
      )
      .map(
        (o): Moment => ({
          at: o.until,
          from: o.side,
          system: systemOf(it.evidence?.[o.side].role ?? "", systems),
          what:
            o.field === "(record)"
              ? `record ${o.newValue}`
              : `${fieldWords(o.field)}: ${o.oldValue || "nothing"} → ${o.newValue || "nothing"}`,
          who: "somebody",
          note: `Seen by comparing readings: after ${sayInstant(o.after)}. The system logs no change of this.`,
          link: null,
        }),
      ),
    ...events.map(
      (e): Moment => ({
        at: e.at,
        from: "plumbline",
        system: "Plumbline",
        what: eventWords(e.type, call(e.assignee), e.assignee === "", e.until),
        who: call(e.actor),
        note:
          e.note ||
          (e.type === "opened" || e.type === "changed" || e.type === "reopened"
            ? moneyNote(e.money, e.currency)
            : ""),
        link: e.run_id ? `/runs/${e.run_id}` : null,
      }),
    ),
    ...pushRows.flat().map(
      (e): Moment => ({
        at: e.at,
        from: "plumbline",
        system: "Push",
        what: PUSH_EVENT_WORDS[e.type] ?? e.type,
        who: call(e.actor),
        note: "",
        link: `/pushes/${e.push_id}`,
      }),
    ),
  ];
  return moments.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

/** What changed between readings of the records on both sides, for what the systems themselves keep no log of. */
async function observedOn(
  { store, sources }: Services,
  evidence: Evidence,
  entity: Entity | "",
): Promise<(ObservedChange & { side: "left" | "right" })[]> {
  const found = await Promise.all(
    (["left", "right"] as const).flatMap((side) => {
      const { sourceId, nativeIds } = evidence[side];
      const source = sources.find((s) => s.config.id === sourceId)?.source;
      const streams = source?.streams.filter((s) => entitiesOf(s).some((e) => e === entity)) ?? [];
      const ids = nativeIds.slice(0, RECORDS_OBSERVED);
      return streams.flatMap((stream) =>
        withParents(ids).map(async (id) =>
          (await observedChanges(store, sourceId, stream, id))
            .filter((o) => ids.includes(o.nativeId))
            .map((o) => ({ ...o, side })),
        ),
      );
    }),
  );
  return found.flat();
}

/**
 * A record may be kept and logged as part of another: a day's time under its week's id (the part before the day), a price under
 * its list's (the part before the colon) or its project's (the part after it).
 */
export function withParents(ids: readonly string[]): string[] {
  return [
    ...new Set(
      ids.flatMap((id) => [
        id,
        id.replace(/_\d{4}-\d{2}-\d{2}$/, ""),
        id.replace(/:.*$/, ""),
        id.replace(/^.*:/, ""),
      ]),
    ),
  ];
}

/** A row without values tells of the record itself: some logs note its creation so. */
function changeWords(c: { field: string; old_value: string; new_value: string }): string {
  const field = fieldWords(c.field);
  if (c.old_value === "" && c.new_value === "") return `record ${field}`;
  return `${field}: ${c.old_value || "nothing"} → ${c.new_value || "nothing"}`;
}

function eventWords(type: string, assignee: string, isNobody: boolean, until: string): string {
  const words = EVENT_WORDS[type] ?? type;
  if (type === "assigned") return isNobody ? "Assigned to nobody" : `Assigned to ${assignee}`;
  return isNever(until) ? words : `${words} until ${sayDate(until.slice(0, 10))}`;
}

function moneyNote(money: string | null, currency: string): string {
  return money === null ? "" : `${sayMoney(money, currency, 2)} at stake`;
}
