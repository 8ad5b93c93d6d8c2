import { afterEach, describe, expect, it } from "vitest";
import { decimalForm } from "#ingest/tryton/values";
import { closeWriting, openWriting, update } from "./write-world.ts";

afterEach(closeWriting);

const target = (nativeId: string) => ({ entity: "rate_line", nativeId, key: "k" }) as const;

describe("setting the price of a project or task in Tryton", () => {
  it("sets it when it still holds what was approved", async () => {
    const { writer, firm, fake } = await openWriting();
    const id = `work:${firm.build}`;
    const snapshot = await writer.read(target(id), ["rate"], {});
    expect(snapshot).toMatchObject({ exists: true, nativeId: id, values: { rate: "150" }, locked: null });
    expect(
      await writer.write(update("rate_line", id, { rate: ["150.0000", "165.50"] }, snapshot.token)),
    ).toEqual({
      outcome: "applied",
      nativeId: id,
      receipt: "project.work write",
    });
    expect(fake.row("project.work", firm.build).list_price).toEqual(decimalForm("165.5"));
  });

  it("lets exactly one of eight at once through", async () => {
    const { writer, firm, fake } = await openWriting();
    const id = `work:${firm.build}`;
    const { token } = await writer.read(target(id), ["rate"], {});
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        writer.write(update("rate_line", id, { rate: ["150", `16${n}`] }, token)),
      ),
    );
    expect(outcomes.filter((o) => o.outcome === "applied")).toHaveLength(1);
    const conflicts = outcomes.filter((o) => o.outcome === "conflict");
    expect(conflicts).toHaveLength(7);
    const now = fake.row("project.work", firm.build).list_price as { decimal: string };
    expect(conflicts.every((c) => c.actual.rate === now.decimal)).toBe(true);
  });

  it("writes nothing over a change made since, in this field or another", async () => {
    const { writer, firm, fake } = await openWriting();
    const id = `work:${firm.build}`;
    const { token } = await writer.read(target(id), ["rate"], {});
    fake.touch("project.work", firm.build, { comment: "On hold" });
    expect(await writer.write(update("rate_line", id, { rate: ["150", "165"] }, token))).toMatchObject({
      outcome: "conflict",
      actual: { rate: "150" },
      message: expect.stringContaining("in other fields"),
    });
    fake.touch("project.work", firm.build, { list_price: decimalForm("155") });
    expect(await writer.write(update("rate_line", id, { rate: ["150", "165"] }))).toMatchObject({
      outcome: "conflict",
      actual: { rate: "155" },
    });
    expect(fake.calls).not.toContain("project.work.write");
    fake.beforeNextWrite(() => fake.touch("project.work", firm.build, { list_price: decimalForm("156") }));
    expect(await writer.write(update("rate_line", id, { rate: ["155", "165"] }))).toMatchObject({
      outcome: "conflict",
      actual: { rate: "156" },
      message: expect.stringContaining("Tryton said: Records were modified in the meanwhile"),
    });
    expect(fake.row("project.work", firm.build).list_price).toEqual(decimalForm("156"));
  });

  it("sets no price that is not a rate, nor one that is below zero or has too many digits", async () => {
    const { writer, firm, fake } = await openWriting();
    fake.touch("project.work", firm.rollout, { product: firm.workshop });
    const { locked } = await writer.read(target(`work:${firm.rollout}`), ["rate"], {});
    expect(locked).toContain("not priced by time in Tryton but by Unit");
    expect((await writer.read(target(`work:${firm.project}`), ["rate"], {})).locked).toContain("no product");
    const set = (to: string | null) =>
      writer.write(update("rate_line", `work:${firm.build}`, { rate: ["150", to] }));
    expect(await set("-1")).toMatchObject({ code: "plumbline.incomplete" });
    expect(await set(null)).toMatchObject({ code: "plumbline.incomplete" });
    expect(await set("1.00001")).toMatchObject({
      outcome: "rejected",
      code: "UserError",
      message: expect.stringContaining('exceeds the limit of "4"'),
    });
    expect(fake.row("project.work", firm.build).list_price).toEqual(decimalForm("150.0000"));
  });

  it("knows what is gone, and what it never sets", async () => {
    const { writer } = await openWriting();
    expect(await writer.write(update("rate_line", "work:999", { rate: ["1", "2"] }))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.gone",
    });
    expect(await writer.read(target("work:999"), ["rate"], {})).toMatchObject({ exists: false });
    expect(await writer.write(update("rate_line", "sale-line:1", { rate: ["1", "2"] }))).toMatchObject({
      outcome: "rejected",
      code: "plumbline.unsupported",
    });
  });
});

describe("setting the price of a price list's line in Tryton", () => {
  async function openList(
    formula: string,
    product: "senior" | "daily" = "senior",
    list: Record<string, unknown> = {},
  ) {
    const all = await openWriting();
    const { fake, firm } = all;
    const listId = fake.put("product.price_list", { name: "Contoso 2026", ...list });
    const line = fake.put("product.price_list.line", { price_list: listId, product: firm[product], formula });
    fake.touch("party.party", firm.contoso, { sale_price_list: listId });
    const formulaNow = () => fake.row("product.price_list.line", line).formula;
    return { ...all, listId, id: `line:${line}`, formulaNow };
  }

  it("writes a plain number as one", async () => {
    const { writer, id, formulaNow } = await openList("165.00");
    expect(await writer.read(target(id), ["rate"], {})).toMatchObject({
      values: { rate: "165" },
      locked: null,
    });
    expect(await writer.write(update("rate_line", id, { rate: ["165", "168.25"] }))).toMatchObject({
      outcome: "applied",
      nativeId: id,
    });
    expect(formulaNow()).toBe("168.25");
  });

  it("writes the price of a day for a rate by the hour", async () => {
    const { writer, id, formulaNow } = await openList("1200", "daily");
    expect(await writer.read(target(id), ["rate"], {})).toMatchObject({ values: { rate: "150" } });
    expect(await writer.write(update("rate_line", id, { rate: ["150", "160.5"] }))).toMatchObject({
      outcome: "applied",
    });
    expect(formulaNow()).toBe("1284");
  });

  it.each([
    ["follows from a formula", "unit_price * 0.95", {}, 'the formula "unit_price * 0.95"'],
    ["is on a list no longer in use", "165", { active: false }, "no longer in use"],
    ["includes tax", "165", { tax_included: true }, "include tax"],
  ])("leaves a price alone that %s", async (_, formula, list, words) => {
    const { writer, id, formulaNow } = await openList(formula, "senior", list);
    const { values, locked } = await writer.read(target(id), ["rate"], {});
    expect(locked).toContain(words);
    expect(await writer.write(update("rate_line", id, { rate: [values.rate ?? null, "170"] }))).toMatchObject(
      {
        outcome: "rejected",
        code: "plumbline.locked",
        message: locked,
      },
    );
    expect(formulaNow()).toBe(formula);
  });

  it("leaves a price alone that holds for several clients, and names them", async () => {
    const { writer, id, fake, listId, formulaNow } = await openList("165");
    fake.put("party.party", { code: "C-8", name: "Fabrikam AG", sale_price_list: listId });
    expect(await writer.write(update("rate_line", id, { rate: ["165", "170"] }))).toMatchObject({
      code: "plumbline.locked",
      message: expect.stringContaining("holds for Contoso GmbH, Fabrikam AG"),
    });
    expect(formulaNow()).toBe("165");
  });
});
