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

  it("takes a system of record by field, legal entity and first day, and says in which line it cannot be", () => {
    const nameable = {
      comparisons: { time: { roles: ["psa", "erp"], fields: ["hours"] } },
      rules: {},
    } as const;
    const read = (...lines: string[]) =>
      parseConfig(
        `${good}    legalEntities: { A: DE01 }\nsystemOfRecord:\n  time:\n${lines.map((l) => `    - ${l}\n`).join("")}`,
        vendors,
        reader,
        nameable,
      );
    const right = read("{ role: psa }", "{ role: erp, field: hours, entity: DE01, from: 2026-01-01 }");
    expect(right.ok && right.config.systemOfRecord.time).toEqual([
      { role: "psa" },
      { role: "erp", field: "hours", entity: "DE01", from: "2026-01-01" },
    ]);
    const wrong = read(
      "{ role: crm }",
      "{ role: erp, field: hous }",
      "{ role: erp, entity: DE02 }",
      "{ role: psa, entity: DE02 }",
    );
    expect(wrong.ok ? [] : wrong.issues.map((i) => [i.line, i.path])).toEqual([
      [14, "systemOfRecord.time.0.role"],
      [15, "systemOfRecord.time.1.field"],
      [16, "systemOfRecord.time.2.entity"],
      [17, "systemOfRecord.time.3"],
      [17, "systemOfRecord.time.3.entity"],
    ]);
    const misread = read("{ role: psa }", "{ role: erp, from: yesterday }");
    expect(misread.ok ? [] : misread.issues).toMatchObject([
      { line: 15, path: "systemOfRecord.time.1.from", message: "write a date as YYYY-MM-DD" },
    ]);
  });

  it("takes changes of rules, and says which rule or field there is none of", () => {
    const nameable = {
      comparisons: {},
      rules: {
        "TIM-03": [
          { field: "hours", isDays: false },
          { field: "work_on", isDays: true },
        ],
        "TIM-01": [],
        "SYS-01": null,
      },
    };
    const read = (text: string) => parseConfig(`${good}rules:\n${text}`, vendors, reader, nameable);
    const right = read('  TIM-03: { tolerance: { hours: "0.25" }, settle: 6h, severity: 2, blocks: soft }\n');
    expect(right.ok && right.config.rules["TIM-03"]).toEqual({
      tolerance: { hours: "0.25" },
      settle: "6h",
      severity: 2,
      blocks: "soft",
    });
    const wrong = read(
      [
        "  TIM-99: { settle: 6h }",
        "  SYS-01: { severity: 2 }",
        '  TIM-01: { tolerance: { hours: "1" } }',
        '  TIM-03: { tolerance: { note: "1", work_on: "0.5" } }',
        "",
      ].join("\n"),
    );
    expect(wrong.ok ? [] : wrong.issues.map((i) => [i.line, i.message])).toEqual([
      [12, 'There is no rule "TIM-99". The rules are: TIM-03, TIM-01, SYS-01.'],
      [13, "SYS-01 guards what every other rule concludes and cannot be changed. Remove it here."],
      [14, "TIM-01 compares nothing that may differ a little. Remove the tolerance."],
      [15, 'TIM-03 has no tolerance on "note". It has one on: hours, work_on.'],
      [15, '"work_on" is a date: write whole days, such as "2".'],
    ]);
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
