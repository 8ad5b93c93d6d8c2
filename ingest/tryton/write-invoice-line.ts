/** Correcting the price of a line on an invoice that is still a draft. Through the invoice, so that its taxes are worked out anew. */
import { parseDecimal } from "#core/decimal";
import type { Change } from "../connector.ts";
import { newValue } from "../push-outcome.ts";
import type { Server } from "./client.ts";
import {
  expected,
  type Held,
  idOf,
  type Plan,
  type RecordWriter,
  rejected,
  rowOf,
  snapshotOf,
  stampOf,
  textAt,
  unsupported,
  updatePlan,
} from "./record-writer.ts";
import { decimalForm, decimalOf } from "./values.ts";

const LINE = "account.invoice.line";
const INVOICE = "account.invoice";

export function invoiceLineWriter(server: Server): RecordWriter {
  return {
    actions: ["update"],
    async read(target, fields) {
      const held = await look(server, idOf(server, target.nativeId, "an invoice line"));
      return snapshotOf(
        held === null || held.locked !== null ? held : { ...held, locked: held.closed },
        fields,
      );
    },
    async plan(change) {
      const id = idOf(server, change.target.nativeId, "an invoice line");
      const seen = () => look(server, id);
      return (
        unsupported(change, ["rate"]) ??
        updatePlan(server, change, "The invoice line", seen, (held) => stepOf(change, id, held, seen))
      );
    },
  };
}

interface HeldLine extends Held {
  invoiceId: number | null;
  /** Why the vendor would refuse; it is asked all the same, for its own words are what a person will meet there. */
  closed: string | null;
}

async function look(server: Server, id: number): Promise<HeldLine | null> {
  const row = await rowOf(
    server,
    LINE,
    [["id", "=", id]],
    ["type", "unit_price", "invoice", "invoice.number", "invoice.state"],
  );
  if (row === null) return null;
  const state = textAt(row, "invoice.state");
  const name = textAt(row, "invoice.number") || "the invoice";
  return {
    nativeId: String(id),
    invoiceId: typeof row.invoice === "number" ? row.invoice : null,
    values: { rate: decimalOf(row.unit_price) },
    stamps: stampOf(LINE, row),
    locked:
      row.type === "line"
        ? state === "validated"
          ? `Invoice ${name} is validated in ${server.name}. Set it back to draft there first.`
          : null
        : `This line of ${name} in ${server.name} is a ${textAt(row, "type")} and has no price.`,
    closed:
      state === "" || state === "draft"
        ? null
        : `Invoice ${name} is ${state} in ${server.name}; its lines can no longer be changed. It needs a credit note and a new invoice.`,
  };
}

function stepOf(change: Change, id: number, held: Held, seen: () => Promise<Held | null>): Plan {
  const rate = parseDecimal(newValue(change, "rate"));
  if (rate === null) return rejected("plumbline.incomplete", "An invoice line needs a price.");
  const { invoiceId } = held as HeldLine;
  const price = { unit_price: decimalForm(rate) };
  return {
    step: {
      ...(invoiceId === null
        ? { model: LINE, args: [[id], price] }
        : { model: INVOICE, args: [[invoiceId], { lines: [["write", [id], price]] }] }),
      method: "write",
      stamps: held.stamps,
      look: seen,
      expect: expected(change),
    },
  };
}
