import { afterEach, describe, expect, it } from "vitest";
import { decimalForm } from "#ingest/tryton/values";
import { mapAll, readAll, trytonWorld, type World } from "./world.ts";

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});

describe("a task that changed alone", () => {
  it("is read with the works above it, though none of them changed", async () => {
    const w = await trytonWorld();
    world = w;
    const works = w.stream("project.work");
    const all = await readAll(works);
    const before = mapAll(works, all.records);
    const task = before.find((r) => r.entity === "task" && r.data.project_ref !== r.nativeId);
    const id = task?.nativeId ?? "";
    expect(id).not.toBe("");
    w.clock.advance(120_000);
    w.fake.put("project.work", { id: Number(id), list_price: decimalForm("99") }, "2026-11-21T15:01:00Z");
    const { ids, records } = await readAll(works, all.bookmark);
    expect(ids).toEqual([id]);
    const after = mapAll(works, records);
    expect(after.find((r) => r.entity === "task")).toEqual(task);
    const price = before.find((r) => r.entity === "rate_line" && r.nativeId === `work:${id}`);
    expect(after.find((r) => r.entity === "rate_line")?.data).toEqual({ ...price?.data, rate: "99" });
  });
});
