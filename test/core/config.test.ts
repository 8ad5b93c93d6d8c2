import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type ConfigReader, parseConfig } from "#core/config";

const vendors = {
  acme: z.strictObject({ clientSecret: z.string().min(3), field: z.string().default("Id") }),
};
const reader: ConfigReader = {
  env: (name) => ({ ACME_SECRET: "s3cr3t" })[name],
  file: (path) => {
    if (path === "/run/secret") return "from-file\n";
    throw new Error("no such file");
  },
};
const good = `
reporting:
  currency: USD
sources:
  - id: crm
    vendor: acme
    role: crm
    baseUrl: https://acme.example
    settings:
      clientSecret: \${ACME_SECRET}
`;

function issues(text: string) {
  const result = parseConfig(text, vendors, reader);
  if (result.ok) throw new Error("expected mistakes");
  return result.issues;
}

describe("the configuration file", () => {
  it("is read with secrets filled in from the environment and from files", () => {
    const result = parseConfig(good, vendors, reader);
    expect(result.ok && result.config.sources[0]?.settings.clientSecret).toBe("s3cr3t");
    const fromFile = parseConfig(good.replace("${ACME_SECRET}", "file:/run/secret"), vendors, reader);
    expect(fromFile.ok && fromFile.config.sources[0]?.settings.clientSecret).toBe("from-file");
  });

  it("refuses a secret written into it, and says where it belongs", () => {
    const [issue] = issues(good.replace("${ACME_SECRET}", "hunter22222"));
    expect(issue).toMatchObject({ line: 10, path: "sources.0.settings.clientSecret" });
    expect(issue?.message).toContain("environment variable");
  });

  it("reports every mistake at once, each with its line", () => {
    const found = issues(
      good
        .replace("currency: USD", "currency: dollars")
        .replace("role: crm", "role: sales")
        .replace("https://acme.example", "acme"),
    );
    expect(found.map((i) => [i.line, i.path])).toEqual([
      [3, "reporting.currency"],
      [7, "sources.0.role"],
      [8, "sources.0.baseUrl"],
    ]);
  });

  it("names an environment variable that is not set, and a file that cannot be read", () => {
    expect(issues(good.replace("ACME_SECRET", "MISSING_ONE"))[0]?.message).toContain(
      "MISSING_ONE is not set",
    );
    expect(issues(good.replace("${ACME_SECRET}", "file:/nowhere"))[0]?.message).toContain(
      "/nowhere cannot be read",
    );
  });

  it("names an unknown setting with its line, in the common part and in a vendor's part", () => {
    expect(issues(good.replace("    role: crm", "    role: crm\n    colour: blue"))[0]).toMatchObject({
      path: "sources.0",
      line: 8,
      message: expect.stringContaining('"colour"'),
    });
    expect(issues(`${good}      fild: Name\n`)[0]).toMatchObject({
      path: "sources.0.settings",
      message: expect.stringContaining('"fild"'),
    });
  });

  it("checks a source's vendor part even when its common part has mistakes", () => {
    const found = issues(`${good.replace("role: crm", "role: sales")}      fild: Name\n`);
    expect(found.map((i) => [i.line, i.path])).toEqual([
      [7, "sources.0.role"],
      [11, "sources.0.settings"],
    ]);
  });

  it("names a vendor there is no connector for, and lists those there are", () => {
    expect(issues(good.replace("vendor: acme", "vendor: other"))[0]?.message).toBe(
      'There is no connector for "other". Known vendors: acme.',
    );
  });

  it("lets a system of record be named for a comparison there is, among its sides", () => {
    const comparisons = {
      comparisons: {
        time: { roles: ["psa", "erp"], fields: ["hours", "work_on"] },
        rates: { roles: ["crm", "erp"], fields: ["rate"] },
      },
      rules: {},
    } as const;
    const read = (...lines: string[]) =>
      parseConfig(
        `${good}systemOfRecord:\n${lines.map((l) => `  ${l}\n`).join("")}`,
        vendors,
        reader,
        comparisons,
      );
    const right = read("time: erp");
    expect(right.ok && right.config.systemOfRecord).toEqual({ time: "erp" });
    const wrong = read("rates: psa", "tme: erp", "time: books", "constructor: erp");
    expect(wrong.ok ? [] : wrong.issues).toMatchObject([{ line: 14, path: "systemOfRecord.time" }]);
    const misnamed = read("rates: psa", "tme: erp", "constructor: erp");
    expect(misnamed.ok ? [] : misnamed.issues).toEqual([
      {
        line: 12,
        path: "systemOfRecord.rates",
        message: '"rates" does not compare the psa. Name one of its sides: crm or erp.',
      },
      {
        line: 13,
        path: "systemOfRecord.tme",
        message: 'There is no comparison "tme". The comparisons are: time, rates.',
      },
      { line: 14, path: "systemOfRecord.constructor", message: expect.stringContaining("no comparison") },
    ]);
    const none = parseConfig(good, vendors, reader, comparisons);
    expect(none.ok && none.config.systemOfRecord).toEqual({});
  });

  it("refuses two sources with one id", () => {
    const twice = good + good.slice(good.indexOf("  - id: crm"));
    expect(issues(twice)[0]?.message).toContain("Two sources have this id");
  });

  it("says where a file stops being YAML", () => {
    expect(issues("reporting:\n  currency: [USD\n")[0]).toMatchObject({ line: expect.any(Number) });
    expect(issues("")[0]?.message).toContain("empty");
  });

  it("ships an example that has no mistake but its unset variables", async () => {
    const { vendorSettings } = await import("#ingest/registry");
    const text = readFileSync("plumbline.config.example.yaml", "utf8");
    const { nameable } = await import("#reconcile/governance/nameable");
    const reading = { env: () => "a-long-enough-value", file: () => "a-long-enough-value" };
    const result = parseConfig(text, vendorSettings, reading, nameable);
    expect(result.ok ? [] : result.issues).toEqual([]);
  });
});
