import { afterEach, describe, expect, it } from "vitest";
import { decimalForm } from "#ingest/tryton/values";
import { closeWriting, openWriting, update } from "./write-world.ts";

afterEach(closeWriting);

async function openInvoice(state: string, line: Record<string, unknown> = {}) {
  const all = await openWriting();
  const { fake } = all;
  const invoice = fake.put("account.invoice", { number: state === "draft" ? null : "INV-7", state });
  const id = fake.put("account.invoice.line", { invoice, unit_price: decimalForm("160.00"), ...line });
  const target = { entity: "invoice_line", nativeId: String(id), key: String(id) } as const;
  return { ...all, id: String(id), target, price: () => fake.row("account.invoice.line", id).unit_price };
}

describe("correcting the price of an invoice line in Tryton", () => {
  it("sets it on a draft, through the invoice, so that taxes follow", async () => {
    const { writer, target, id, price, fake } = await openInvoice("draft");
    const { token, values, locked } = await writer.read(target, ["rate"], {});
    expect([values, locked]).toEqual([{ rate: "160" }, null]);
    expect(await writer.write(update("invoice_line", id, { rate: ["160", "165"] }, token))).toEqual({
      outcome: "applied",
      nativeId: id,
      receipt: "account.invoice write",
    });
    expect(price()).toEqual(decimalForm("165"));
    expect(fake.calls).not.toContain("account.invoice.line.write");
    expect(await writer.write(update("invoice_line", id, { rate: ["165", "170"] }, token))).toMatchObject({
      outcome: "conflict",
    });
    fake.beforeNextWrite(() => fake.touch("account.invoice.line", Number(id), {}));
    expect(await writer.write(update("invoice_line", id, { rate: ["165", "170"] }))).toMatchObject({
      outcome: "conflict",
      actual: { rate: "165" },
    });
    expect(price()).toEqual(decimalForm("165"));
  });

  it("says in the preview that a posted invoice is closed, and hands over the vendor's words when asked to write", async () => {
    const { writer, target, id, price } = await openInvoice("posted");
    expect((await writer.read(target, ["rate"], {})).locked).toContain("INV-7 is posted");
    expect(await writer.write(update("invoice_line", id, { rate: ["160", "165"] }))).toEqual({
      outcome: "rejected",
      code: "UserError",
      message: `You cannot modify line "${id}" because its invoice "INV-7" is posted, paid or cancelled.`,
    });
    expect(price()).toEqual(decimalForm("160.00"));
  });

  it("leaves alone what the vendor would let it change and people do not expect", async () => {
    const validated = await openInvoice("validated");
    const change = update("invoice_line", validated.id, { rate: ["160", "165"] });
    expect(await validated.writer.write(change)).toMatchObject({
      code: "plumbline.locked",
      message: expect.stringContaining("INV-7 is validated"),
    });
    const title = await openInvoice("draft", { type: "title", unit_price: null });
    expect((await title.writer.read(title.target, ["rate"], {})).locked).toContain("is a title");
    expect(await title.writer.write(update("invoice_line", title.id, { amount: ["1", "2"] }))).toMatchObject({
      code: "plumbline.unsupported",
    });
  });
});
