import { describe, expect, it } from "vitest";
import { parseEnv } from "#core/env";

describe("the environment", () => {
  it("has a default for everything, and an empty value is no value", () => {
    expect(parseEnv({ CLICKHOUSE_URL: "", PORT: "" })).toMatchObject({
      ROLE: "all",
      PORT: 3000,
      CLICKHOUSE_DATABASE: "plumbline",
    });
  });

  it("names every variable it cannot use", () => {
    expect(() => parseEnv({ PORT: "lots", ROLE: "boss" })).toThrow(/PORT[\s\S]*ROLE/);
  });
});
