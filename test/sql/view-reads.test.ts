/** What a statement rests on is found through its views, and nothing in comments or quotes counts. */
import { describe, expect, it } from "vitest";
import { readsOf } from "#sql/view-reads";

const tables = (...sql: string[]) => [...readsOf(sql).tables].sort();

describe("what a statement reads", () => {
  it("is its tables, and those of its views however deep", () => {
    expect(tables("SELECT * FROM customer FINAL")).toEqual(["customer"]);
    expect(tables("SELECT * FROM side_psa_assignment_rate(as_of = {as_of:Date})")).toEqual([
      "assignment",
      "contract",
      "project",
      "rate_line",
      "resource",
    ]);
  });

  it("is not what stands in comments and quotes, and a quote in a comment ends nothing", () => {
    expect(tables("SELECT 'project' -- the customer's project\nFROM task")).toEqual(["task"]);
    expect(tables("SELECT '-- not a comment', k FROM task")).toEqual(["task"]);
    expect(tables("SELECT 'it\\'s', k, 'it''s' FROM task")).toEqual(["task"]);
  });

  it("brings the texts of the views in between, once each", () => {
    const { viewTexts } = readsOf(["SELECT 1 FROM side_crm_rate", "SELECT 2 FROM side_crm_rate"]);
    expect(viewTexts).toHaveLength(1);
    expect(viewTexts[0]).toContain("CREATE OR REPLACE VIEW side_crm_rate AS");
  });
});
