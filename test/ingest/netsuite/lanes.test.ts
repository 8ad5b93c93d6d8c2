import { describe, expect, it } from "vitest";
import { lanes } from "#ingest/netsuite/lanes";

/** Work that ends when told to, and says when it began. */
function held(log: string[], name: string) {
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = () => {
    log.push(name);
    return done;
  };
  return { end, work };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the requests in flight to NetSuite", () => {
  it("leave one lane to pushes, which never wait behind reads", async () => {
    const log: string[] = [];
    const lane = lanes(3);
    const jobs = ["r1", "r2", "r3", "r4"].map((name) => held(log, name));
    const reads = jobs.map((job) => lane.run("read", job.work));
    const push = held(log, "p1");
    const another = held(log, "p2");
    const pushes = [push, another].map((job) => lane.run("push", job.work));
    await settled();
    expect(log).toEqual(["r1", "r2", "p1"]);
    jobs[0]?.end();
    await settled();
    expect(log).toEqual(["r1", "r2", "p1", "p2"]);
    push.end();
    await settled();
    expect(log).toEqual(["r1", "r2", "p1", "p2", "r3"]);
    for (const job of [...jobs, another]) job.end();
    await Promise.all([...reads, ...pushes]);
    expect(log).toEqual(["r1", "r2", "p1", "p2", "r3", "r4"]);
  });

  it("goes on after work that failed", async () => {
    const lane = lanes(2);
    const failing = lane.run("read", () => Promise.reject(new Error("no")));
    const next = lane.run("read", () => Promise.resolve("yes"));
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("yes");
  });
});
