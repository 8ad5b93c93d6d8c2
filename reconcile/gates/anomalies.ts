/** SYS-06: records dated in the future, and fields that records are translated from that are gone or hold something else. */
import type { PlumblineConfig } from "#core/config";
import { chTime, durationMs, sayDuration } from "#core/time";
import { type ClockAhead, clocksAhead, type ShapeNotice, shapeNotices } from "#sql/queries/integrity";
import type { Store } from "#sql/store";
import type { KnownSource } from "../applicable.ts";
import type { GateFailure } from "../gates.ts";

/** A field keeps its new kind of value, so that it has one is news for this long only. */
const RETYPED_MS = 7 * 86_400_000;

export async function anomalies(
  store: Store,
  config: PlumblineConfig,
  now: number,
  sources?: readonly KnownSource[],
): Promise<GateFailure[]> {
  const ahead = await store.query(clocksAhead, {
    sources: config.sources.map((s) => s.id),
    skews_ms: config.sources.map((s) => durationMs(s.clockSkew)),
  });
  const notices = await store.query(shapeNotices, { since: chTime(now - RETYPED_MS) });
  return judgeAnomalies(config, ahead, notices, sources);
}

/** One failure per source and stream, saying all that is wrong with it. Without the open sources every field counts as translated. */
export function judgeAnomalies(
  config: Pick<PlumblineConfig, "sources">,
  ahead: readonly ClockAhead[],
  notices: readonly ShapeNotice[],
  sources?: readonly KnownSource[],
): GateFailure[] {
  const isRelevant = (n: ShapeNotice) => {
    const fields = sources
      ?.find((s) => s.config.id === n.source_id)
      ?.source.streams.find((t) => t.name === n.stream)?.fields;
    return fields === undefined || fields.some((f) => (f.split(".")[0] ?? f) === n.field);
  };
  const streams = new Map<
    string,
    { sourceId: string; stream: string; ahead?: ClockAhead; notices: ShapeNotice[] }
  >();
  const of = (sourceId: string, stream: string) => {
    const key = `${sourceId}|${stream}`;
    const known = streams.get(key) ?? { sourceId, stream, notices: [] };
    streams.set(key, known);
    return known;
  };
  for (const a of ahead) of(a.source_id, a.stream).ahead = a;
  for (const n of notices.filter(isRelevant)) of(n.source_id, n.stream).notices.push(n);
  return [...streams].flatMap(([key, s]): GateFailure[] => {
    const source = config.sources.find((c) => c.id === s.sourceId);
    if (!source) return [];
    const name = source.name ?? source.id;
    const parts = [
      ...(s.ahead
        ? [
            `${s.ahead.records === 1 ? "1 record" : `${s.ahead.records} records`} of ${s.stream} in ${name} ${s.ahead.records === 1 ? "is" : "are"} dated up to ${sayDuration(s.ahead.most_ms)} later than read; at most ${sayDuration(durationMs(source.clockSkew))} is allowed. Check the clock and the time zone of the system and of this machine.`,
          ]
        : []),
      ...s.notices.map((n) =>
        n.kind === "missing"
          ? `The field ${n.field} of ${s.stream} in ${name} is no longer sent (${n.detail}). Check the permissions of the integration's user and whether the field was renamed or removed.`
          : `The field ${n.field} of ${s.stream} in ${name} holds another kind of value than before (${n.detail}). Check that records still come in as they should.`,
      ),
    ];
    return [
      {
        rule: "SYS-06",
        key,
        sourceId: s.sourceId,
        stream: s.stream,
        message: parts.join(" "),
        affected: {
          count: (s.ahead?.records ?? 0) + s.notices.length,
          keys: [...s.notices.map((n) => n.field), ...(s.ahead?.native_ids ?? [])],
          nativeIds: s.ahead?.native_ids ?? [],
        },
      },
    ];
  });
}
