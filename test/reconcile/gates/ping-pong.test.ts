/** When a value counts as set back and forth: three turns, two writers, within a day. */
import { describe, expect, it } from "vitest";
import { backAndForth, type Turn, withPushes } from "#reconcile/gates/ping-pong";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const turns = (...list: [hours: number, from: string, to: string, writer: string][]): Turn[] =>
  list.map(([hours, from, to, writer]) => ({ at: hours * HOUR, from, to, writer }));
const three = turns([0, "A", "B", "x"], [1, "B", "A", "y"], [2, "A", "B", "x"]);

describe("a value set back and forth", () => {
  it("is one that turned three times by two writers, not two times", () => {
    expect(backAndForth(three, 3 * HOUR)).toEqual(three);
    expect(backAndForth(three.slice(0, 2), 3 * HOUR)).toBeNull();
  });

  it("takes two writers", () => {
    expect(
      backAndForth(
        three.map((t) => ({ ...t, writer: "x" })),
        3 * HOUR,
      ),
    ).toBeNull();
  });

  it("takes two values: one that moves on to a third is no toggling", () => {
    expect(
      backAndForth(turns([0, "A", "B", "x"], [1, "B", "C", "y"], [2, "C", "D", "x"]), 3 * HOUR),
    ).toBeNull();
    expect(
      backAndForth(turns([0, "A", "B", "x"], [1, "B", "A", "y"], [2, "A", "C", "x"]), 3 * HOUR),
    ).toBeNull();
  });

  it("turned within 24 hours, the last millisecond included", () => {
    const [a, b, c] = three as [Turn, Turn, Turn];
    const late = (at: number) => [a, b, { ...c, at }];
    expect(backAndForth(late(DAY), DAY)).not.toBeNull();
    expect(backAndForth(late(DAY + 1), DAY + 1)).toBeNull();
  });

  it("is over 24 hours after the last turn", () => {
    expect(backAndForth(three, 2 * HOUR + DAY)).not.toBeNull();
    expect(backAndForth(three, 2 * HOUR + DAY + 1)).toBeNull();
  });

  it("is found wherever in the sequence it is, and numbers are the same however written", () => {
    const more = turns(
      [0, "Z", "200", "x"],
      [1, "200", "210.00", "y"],
      [2, "210", "200.0000", "x"],
      [3, "200", "210", "y"],
    );
    expect(backAndForth(more, 4 * HOUR)?.map((t) => t.at)).toEqual([HOUR, 2 * HOUR, 3 * HOUR]);
  });
});

describe("pushes among the changes", () => {
  it("count as Plumbline's, once, where the vendor's log tells of them too", () => {
    const logged = turns([0, "A", "B", "sync"], [1, "B", "A", "api-user"]);
    const merged = withPushes(logged, turns([1.05, "B", "A", "Plumbline"]));
    expect(merged.map((t) => t.writer)).toEqual(["sync", "Plumbline"]);
  });

  it("are added where the vendor keeps no log of the field, and make a writer", () => {
    const merged = withPushes(
      turns([0, "A", "B", "sync"], [2, "A", "B", "sync"]),
      turns([1, "B", "A", "Plumbline"]),
    );
    expect(merged.map((t) => t.writer)).toEqual(["sync", "Plumbline", "sync"]);
    expect(backAndForth(merged, 3 * HOUR)).toHaveLength(3);
  });

  it("are another write when more than five minutes lie between", () => {
    const merged = withPushes(turns([1, "B", "A", "api-user"]), turns([1.2, "B", "A", "Plumbline"]));
    expect(merged).toHaveLength(2);
  });
});
