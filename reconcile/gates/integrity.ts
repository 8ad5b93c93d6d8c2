/** Whether sources, their writers and Plumbline's own pushes can be relied on. Told of as exceptions; keeps no run from concluding. */
import type { PlumblineConfig } from "#core/config";
import type { Store } from "#sql/store";
import type { KnownSource } from "../applicable.ts";
import type { GateFailure } from "../gates.ts";
import { anomalies } from "./anomalies.ts";
import { pingPongs } from "./ping-pong.ts";
import { unknownWriters } from "./unknown-writers.ts";
import { unprovenPushes } from "./unproven-pushes.ts";

export async function readIntegrity(
  store: Store,
  config: PlumblineConfig,
  now: number,
  sources?: readonly KnownSource[],
): Promise<GateFailure[]> {
  const all = await Promise.all([
    unknownWriters(store, config, now),
    pingPongs(store, config, now),
    anomalies(store, config, now, sources),
    unprovenPushes(store, config, now),
  ]);
  return all.flat();
}
