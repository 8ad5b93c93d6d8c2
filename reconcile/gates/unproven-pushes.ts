/** SYS-07: pushes that may have been written and were not seen again in time. */
import type { PlumblineConfig, SourceConfig } from "#core/config";
import { durationMs, msOf, sayDuration } from "#core/time";
import type { Store } from "#sql/store";
import type { GateFailure } from "../gates.ts";
import { type Push, pushList } from "../push/state.ts";

/** A push must be seen again within this many times the age its source's data may have. */
const TIMES_MAX_AGE = 3;
/** For a target that the configuration no longer names. */
const DEFAULT_MAX_AGE = "30m";

export async function unprovenPushes(
  store: Store,
  config: PlumblineConfig,
  now: number,
): Promise<GateFailure[]> {
  const open = await pushList(store, {
    statuses: ["started", "unknown", "applied", "already_right", "unconfirmed"],
    limit: 10_000,
  });
  return judgePushes(config, open, now);
}

export type PushInDoubt = Pick<Push, "id" | "rule" | "status" | "changedAt" | "appliedAt"> & {
  proposal: Pick<Push["proposal"], "targetSource" | "action" | "target">;
};

/** Those whose outcome nobody knows, and those written and not proven for longer than three times the source's greatest age. */
export function judgePushes(
  config: Pick<PlumblineConfig, "sources">,
  pushes: readonly PushInDoubt[],
  now: number,
): GateFailure[] {
  return pushes.flatMap((p): GateFailure[] => {
    const source = config.sources.find((s) => s.id === p.proposal.targetSource);
    const allowed = TIMES_MAX_AGE * durationMs(source?.maxAge ?? DEFAULT_MAX_AGE);
    const since = msOf(p.status === "started" ? p.changedAt : (p.appliedAt ?? p.changedAt));
    const isUnknown = p.status === "unknown" || p.status === "started";
    if (p.status !== "unknown" && now - since <= allowed) return [];
    const { target } = p.proposal;
    return [
      {
        rule: "SYS-07",
        key: `${p.proposal.targetSource}|${p.id}`,
        sourceId: p.proposal.targetSource,
        stream: target.entity,
        message: isUnknown
          ? `It is not known whether the push for ${p.rule} on ${target.key} was written to ${nameOf(source, p)}. Look at the record there${p.proposal.action === "create" ? "; it is not created again by itself" : ""}.`
          : `What the push for ${p.rule} wrote to ${target.key} in ${nameOf(source, p)} has not been seen again; ${sayDuration(allowed)} were allowed. Look at the record there, and whether the system is still being read.`,
        affected: {
          count: 1,
          keys: [target.key],
          nativeIds: target.nativeId === null ? [] : [target.nativeId],
        },
        evidence: p.status,
      },
    ];
  });
}

const nameOf = (source: SourceConfig | undefined, p: PushInDoubt) => source?.name ?? p.proposal.targetSource;
