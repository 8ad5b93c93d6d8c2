/** The figures /metrics publishes beside the process's own. */
import { msOf } from "#core/time";
import { overviewFigures } from "#sql/queries/overview";
import { rejectCounts } from "#sql/queries/sync-health";
import type { Gauge } from "../server/health.ts";
import { freshness } from "./freshness.server.ts";

export async function gauges(deps: Parameters<typeof freshness>[0]): Promise<Gauge[]> {
  const [sources, figures, rejects] = await Promise.all([
    freshness(deps),
    deps.store.query(overviewFigures, {}),
    deps.store.query(rejectCounts, {}),
  ]);
  const open = figures[0];
  return [
    {
      name: "plumbline_source_age_seconds",
      help: "Age of what is known of each source; its oldest stream counts",
      samples: sources
        .filter((s) => s.state !== "never")
        .map((s) => ({
          labels: { source: s.id },
          value: Math.max(0, Math.round((deps.clock.now() - msOf(s.asOf)) / 1000)),
        })),
    },
    {
      name: "plumbline_exceptions_open",
      help: "Exceptions standing open",
      samples: open
        ? [
            { labels: { which: "all" }, value: open.open },
            { labels: { which: "critical" }, value: open.critical },
            { labels: { which: "blocking" }, value: open.blocking },
          ]
        : [],
    },
    {
      name: "plumbline_rejects_open",
      help: "Records that could not be understood and still stand",
      samples: rejects.map((r) => ({ labels: { source: r.source_id, stream: r.stream }, value: r.open })),
    },
  ];
}
