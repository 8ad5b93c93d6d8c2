/**
 * When things run. Jobs are data; every one of them, scheduled or asked for, goes through one serial lane, so that a run never
 * reads what a sync is still writing. A job whose turn comes while it is still waiting or running is not run twice: missed turns
 * become one.
 */

import cron from "node-cron";
import { RequestError } from "#core/errors";
import { log } from "#core/log";

/** Runs what it is given one after the other, in order. */
export interface Lane {
  /** Resolves or rejects as the work does; the lane goes on either way. */
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** What runs now and what waits, in order. */
  names(): readonly string[];
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
}

export function createLane(): Lane {
  const names: string[] = [];
  let tail: Promise<unknown> = Promise.resolve();
  return {
    run(name, work) {
      names.push(name);
      const mine = tail.then(work).finally(() => names.splice(names.indexOf(name), 1));
      // A failure is its caller's to hear of; the next in the lane runs all the same.
      tail = mine.catch(() => undefined);
      return mine;
    },
    names: () => [...names],
    async idle() {
      let seen: Promise<unknown>;
      do {
        seen = tail;
        await seen;
      } while (seen !== tail);
    },
  };
}

export interface Job {
  id: string;
  /** A cron expression, in UTC. */
  cron: string;
  run(signal: AbortSignal): Promise<unknown>;
}

export interface Schedule {
  start(): void;
  /** Runs a job as soon as the lane is free; a turn that already waits is used. Throws RequestError for an unknown id. */
  runNow(id: string): Promise<void>;
  /** Stops the clockwork, tells running jobs to stop and waits for them. */
  stop(): Promise<void>;
}

/** A schedule over jobs that share a lane. Throws RequestError for a cron expression that is none. */
export function createSchedule(jobs: readonly Job[], lane: Lane): Schedule {
  for (const job of jobs)
    if (!cron.validate(job.cron))
      throw new RequestError("schedule.cron", `Not a cron expression: ${job.cron}`, {
        userMessage: `The schedule of "${job.id}" is not a cron expression: ${job.cron}. Write for example */5 * * * * for every five minutes.`,
      });
  const abort = new AbortController();
  const waiting = new Map<string, Promise<void>>();
  const turn = (job: Job): Promise<void> => {
    const already = waiting.get(job.id);
    if (already) return already;
    const mine = lane.run(job.id, async () => {
      // From here on a new turn is a new run: what changes now might be missed by this one.
      waiting.delete(job.id);
      if (!abort.signal.aborted) await job.run(abort.signal);
    });
    waiting.set(job.id, mine);
    return mine;
  };
  const scheduled = (job: Job) => {
    // While it still runs, its next turn would only find what this one is finding.
    if (lane.names().includes(job.id)) return;
    turn(job).catch((error: unknown) => log.error({ err: error, job: job.id }, "a scheduled job failed"));
  };
  const tasks = jobs.map((job) =>
    cron.createTask(job.cron, () => scheduled(job), { timezone: "UTC", name: job.id }),
  );
  return {
    start() {
      for (const task of tasks) void task.start();
    },
    async runNow(id) {
      const job = jobs.find((j) => j.id === id);
      if (!job)
        throw new RequestError("schedule.unknown-job", `No job ${id}`, {
          userMessage: `There is no job "${id}". The jobs are: ${jobs.map((j) => j.id).join(", ")}.`,
        });
      await turn(job);
    },
    async stop() {
      abort.abort();
      for (const task of tasks) await task.destroy();
      await lane.idle();
    },
  };
}
