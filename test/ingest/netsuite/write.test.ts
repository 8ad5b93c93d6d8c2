import { afterEach, describe, expect, it } from "vitest";
import type { Change } from "#ingest/connector";
import { closeWriting, openWriting } from "./writing.ts";

afterEach(closeWriting);

describe("what NetSuite's writer can do", () => {
  it("is what it says, and nothing else", async () => {
    const { writer } = await openWriting();
    expect(writer.can).toEqual({
      rate_line: ["update"],
      assignment: ["update"],
      time_entry: ["create", "delete"],
      project: ["create", "delete"],
    });
    const change: Change = {
      target: { entity: "invoice", nativeId: "1", key: "1" },
      action: "update",
      changes: [],
      refs: {},
      token: null,
      idempotencyKey: "p",
    };
    expect(await writer.write(change)).toMatchObject({ outcome: "rejected", code: "plumbline.unsupported" });
    expect(
      await writer.write({
        ...change,
        target: { entity: "rate_line", nativeId: "1:1:1", key: "k" },
        action: "delete",
      }),
    ).toMatchObject({ outcome: "rejected", code: "plumbline.unsupported" });
  });
});
