/** The clockwork of this process: read each source, compare, and see pushes through. Started once, whatever is reloaded. */

import { log } from "#core/log";
import { createSchedule, type Job } from "#reconcile/schedule";
import type { Services } from "./services.server.ts";

const kept = globalThis as typeof globalThis & { plumblineJobs?: Jobs };

export interface Jobs {
  stop(): Promise<void>;
}

/** Starts the schedule; a second call gives the running one. Begins with one round at once, so that a fresh start is not blind. */
export function startJobs({ config, work }: Services): Jobs {
  if (kept.plumblineJobs) return kept.plumblineJobs;
  const jobs: Job[] = [
    ...config.sources.map((source) => ({
      id: `read ${source.id}`,
      cron: source.schedule,
      run: (signal: AbortSignal) => work.steps.ingest(source.id, signal),
    })),
    {
      id: "compare",
      cron: config.reconcile.schedule,
      run: (signal) => work.steps.compare({ mode: "auto", signal }),
    },
    { id: "see pushes through", cron: "*/1 * * * *", run: () => work.steps.resumePushes() },
    { id: "drop old raw records", cron: "17 3 * * *", run: () => work.steps.prune() },
  ];
  const schedule = createSchedule(jobs, work.lane);
  schedule.start();
  for (const job of jobs)
    schedule
      .runNow(job.id)
      .catch((error: unknown) => log.error({ err: error, job: job.id }, "the first round failed"));
  kept.plumblineJobs = { stop: () => schedule.stop() };
  return kept.plumblineJobs;
}
