import { describe, expect, it } from "vitest";
import { csvLine } from "../../app/csv.ts";
import { withQuietSteps } from "../../app/data/overview.server.ts";
import { queueLink } from "../../app/filter-link.ts";
import { filterOf } from "../../app/filters.ts";
import {
  businessDays,
  padRate,
  sayAgo,
  sayDate,
  sayInstant,
  sayMoney,
  sayNumber,
  saySpan,
} from "../../app/format.ts";
import { localPath } from "../../app/theme.server.ts";

describe("figures", () => {
  it.each([
    ["0", 2, "0.00"],
    ["1234567.895", 2, "1,234,567.90"],
    ["999.5", 0, "1,000"],
    ["-1234.5", 2, "−1,234.50"],
    ["-0.004", 2, "0.00"],
    ["0.005", 2, "0.01"],
    ["12345678901234567890.12", 2, "12,345,678,901,234,567,890.12"],
  ])("%s to %i places is %s, exactly", (value, places, text) => {
    expect(sayNumber(value, places)).toBe(text);
  });

  it("carry their currency, before the digits and after the minus", () => {
    expect(sayMoney("1234.5", "USD", 2)).toBe("$1,234.50");
    expect(sayMoney("-1234.5", "EUR")).toBe("−€1,235");
    expect(sayMoney("10", "CHF", 2)).toBe("CHF 10.00");
    expect(sayMoney(null, "USD")).toBe("not priced");
  });

  it("are rates with two decimals at least, and nothing else is touched", () => {
    expect(padRate("rate", "165")).toBe("165.00");
    expect(padRate("bill_rate", "165.5")).toBe("165.50");
    expect(padRate("rate", "165.125")).toBe("165.125");
    expect(padRate("hours", "8")).toBe("8");
  });
});

describe("times", () => {
  it("are written for people, in UTC", () => {
    expect(sayInstant("2026-11-21T06:27:52.000Z")).toBe("21 Nov 2026, 06:27 UTC");
    expect(sayInstant("1970-01-01T00:00:00.000Z")).toBe("never");
    expect(sayDate("1970-01-01")).toBe("no date");
    expect(saySpan(90_000)).toBe("2 min");
    expect(sayAgo("2026-11-21T06:00:00.000Z", "2026-11-21T06:00:03.000Z")).toBe("just now");
  });

  it("count in business days: a weekend adds none", () => {
    expect(businessDays("2026-11-20T10:00:00Z", "2026-11-23T09:00:00Z")).toBe(1);
    expect(businessDays("2026-11-16T10:00:00Z", "2026-11-20T09:00:00Z")).toBe(4);
    expect(businessDays("2026-11-21T10:00:00Z", "2026-11-22T09:00:00Z")).toBe(0);
  });

  it("in which nothing happened keep what stood open before them", () => {
    const at = (m: number) => `2026-11-21T06:0${m}:00.000Z`;
    const rows = [{ starts_at: at(1), opened: 3, resolved: 0, open: 3 }];
    const filled = withQuietSteps(rows, Date.parse(at(0)), Date.parse(at(3)), 60);
    expect(filled.map((r) => r.open)).toEqual([0, 3, 3, 3]);
    expect(filled.map((r) => r.opened)).toEqual([0, 3, 0, 0]);
  });
});

describe("CSV", () => {
  it("quotes what must be quoted", () => {
    expect(csvLine(["a,b", 'say "hi"', null, "x\ny", 3])).toBe('"a,b","say ""hi""",,"x\ny",3\r\n');
  });

  it.each(["=1+1", "+cmd", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", " =1"])(
    "never starts a formula: %s",
    (text) => {
      const line = csvLine([text]).replace(/^"/, "");
      expect(line.startsWith("'")).toBe(true);
    },
  );

  it("leaves numbers numbers, negative ones too", () => {
    expect(csvLine(["-12.50", "0", -3])).toBe("-12.50,0,-3\r\n");
  });
});

describe("a link to the queue", () => {
  it("says the same filter when it is read back", () => {
    const filter = filterOf(
      new URLSearchParams(
        "rule=RAT-01&rule=RAT-02&severity=1&status=standing&client=001A&owner=me&min=100.50&text=a%26b",
      ),
    );
    expect(filter.rule).toEqual(["RAT-01", "RAT-02"]);
    expect(filterOf(new URL(queueLink(filter), "http://x").searchParams)).toEqual(filter);
  });

  it("that is mangled falls back field by field", () => {
    const filter = filterOf(
      new URLSearchParams("rule=%27;DROP&severity=banana&status=nope&min=lots&blocking=maybe&rule=TIM-01"),
    );
    expect(filter).toMatchObject({ rule: ["TIM-01"], severity: [], status: "due", min: "", blocking: "" });
  });

  it("leaves out what is at its default", () => {
    expect(queueLink(filterOf(new URLSearchParams("status=due&text=")))).toBe("/exceptions");
  });
});

describe("the way back", () => {
  it.each(["//evil.example/x", "https://evil.example", "/\\evil.example", 7, null])(
    "never leaves this site: %s",
    (path) => {
      expect(localPath(path)).toBe("/");
    },
  );
});
