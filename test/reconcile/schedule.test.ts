import { describe, expect, it } from "vitest";
import { createLane, createSchedule, type Job } from "#reconcile/schedule";

/** Work that ends when told to. */
function held() {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { gate, release };
}

describe("the lane", () => {
  it("runs one thing at a time, in order", async () => {
    const lane = createLane();
    const order: string[] = [];
    const first = held();
    const a = lane.run("a", async () => {
      order.push("a begins");
      await first.gate;
      order.push("a ends");
    });
    const b = lane.run("b", async () => order.push("b"));
    expect(lane.names()).toEqual(["a", "b"]);
    first.release();
    await Promise.all([a, b]);
    expect(order).toEqual(["a begins", "a ends", "b"]);
    expect(lane.names()).toEqual([]);
  });

  it("goes on after a failure, which its caller hears of", async () => {
    const lane = createLane();
    await expect(lane.run("bad", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await expect(lane.run("good", async () => 7)).resolves.toBe(7);
    await lane.idle();
  });
});

describe("the schedule", () => {
  const job = (id: string, run: Job["run"], cron = "0 0 1 1 *"): Job => ({ id, cron, run });

  it("runs a job when asked, and makes one of turns that wait", async () => {
    const lane = createLane();
    const busy = held();
    let runs = 0;
    const schedule = createSchedule([job("count", async () => (runs += 1))], lane);
    void lane.run("something else", () => busy.gate);
    const turns = [schedule.runNow("count"), schedule.runNow("count"), schedule.runNow("count")];
    busy.release();
    await Promise.all(turns);
    expect(runs).toBe(1);
    await schedule.runNow("count");
    expect(runs).toBe(2);
    await schedule.stop();
  });

  it("asked for while it runs, runs once more after", async () => {
    const lane = createLane();
    const busy = held();
    const started = held();
    let runs = 0;
    const schedule = createSchedule(
      [
        job("slow", async () => {
          runs += 1;
          started.release();
          await busy.gate;
        }),
      ],
      lane,
    );
    const first = schedule.runNow("slow");
    await started.gate;
    const second = schedule.runNow("slow");
    busy.release();
    await Promise.all([first, second]);
    expect(runs).toBe(2);
    await schedule.stop();
  });

  it("runs by the clock and tells running jobs to stop when it does", async () => {
    const ran = held();
    const lane = createLane();
    let told = false;
    const schedule = createSchedule(
      [
        job(
          "each second",
          (signal) =>
            new Promise<void>((resolve) => {
              ran.release();
              signal.addEventListener("abort", () => {
                told = true;
                resolve();
              });
            }),
          "* * * * * *",
        ),
      ],
      lane,
    );
    schedule.start();
    await ran.gate;
    await schedule.stop();
    expect(told).toBe(true);
    expect(lane.names()).toEqual([]);
  });

  it("refuses what is no cron expression, and a job there is not", async () => {
    expect(() => createSchedule([job("odd", async () => {}, "soon")], createLane())).toThrow(
      expect.objectContaining({ code: "schedule.cron" }),
    );
    const schedule = createSchedule([], createLane());
    await expect(schedule.runNow("nothing")).rejects.toMatchObject({ code: "schedule.unknown-job" });
  });
});
