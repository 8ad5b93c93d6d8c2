/** What was billed: account.invoice of customers, and its lines with the work they bill. */
import { multiply } from "#core/decimal";
import type { Row, Server } from "./client.ts";
import { linkOf } from "./link.ts";
import { modelStream, type Reading } from "./model-stream.ts";
import type { Models } from "./models.ts";
import { perHour, TIME_CATEGORY, withTimeCategory } from "./product-role.ts";
import { mappingOf } from "./record.ts";
import { CHAIN } from "./streams-project.ts";
import { timeKey, workIn } from "./streams-time.ts";
import type { Tenant } from "./tenant.ts";
import { chainsOf, placesIn, projectIn } from "./work-tree.ts";

const RELEASED = new Set(["posted", "paid"]);
/** The member of an invoice line's payload that holds the time lines it bills, by id and UUID. */
const TIME = "billed_time";

export function invoiceStream(server: Server, models: Models, tenant: Tenant) {
  return modelStream(server, models, {
    model: "account.invoice",
    yields: "invoice",
    where: [["type", "=", "out"]],
    company: "company",
    setting: "invoices",
    fields: [
      "number",
      "company",
      "party",
      "state",
      "invoice_date",
      "total_amount",
      "tax_amount",
      "currency.code",
    ],
    map: mappingOf((r) => {
      const id = r.required("id");
      const state = r.text("state");
      return [
        {
          entity: "invoice",
          nativeId: id,
          key: r.text("number") || id,
          data: {
            number: r.text("number"),
            customer_ref: r.text("party"),
            // An invoice may bill several projects; its lines say which.
            project_ref: "",
            status: state,
            is_released: RELEASED.has(state),
            issued_on: r.date("invoice_date"),
            total: r.decimal("total_amount") ?? "0",
            currency: r.text("currency.code"),
            legal_entity: tenant.legalEntity(r.text("company")),
            is_void: state === "cancelled",
            tax: r.decimal("tax_amount"),
          },
        },
      ];
    }),
  });
}

export function invoiceLineStream(server: Server, models: Models) {
  const { settings } = server;
  const link = linkOf(settings);
  return modelStream(server, models, {
    model: "account.invoice.line",
    yields: "invoice_line",
    where: [
      ["invoice.type", "=", "out"],
      ["type", "=", "line"],
    ],
    company: "company",
    setting: "invoices",
    fields: [
      "invoice",
      "description",
      "quantity",
      "unit",
      "unit.category",
      "unit.factor",
      "unit_price",
      "amount",
      "currency.code",
    ],
    async complete(rows, reading) {
      const timed = await withTimeCategory(rows, reading);
      if (!settings.projectInvoicing) return timed;
      const billed = await billedBy(rows, reading);
      const works = [...billed.values()].flatMap((b) => b.works);
      const chains = await chainsOf(reading, settings.link.field, works);
      return timed.map((row) => {
        const { works: ids = [], time = [] } = billed.get(Number(row.id)) ?? {};
        const chain = ids.flatMap((id) => chains.get(id) ?? []);
        return { ...row, [CHAIN]: chain.map(({ changed_at: _, ...place }) => place), [TIME]: time };
      });
    },
    map: mappingOf((r) => {
      const id = r.required("id");
      const time = timeIn(r.raw(TIME));
      const only = time.length === 1 ? time[0] : undefined;
      const timeLine = only === undefined ? null : timeKey(only.uuid, settings.timeUuidPrefix);
      const quantity = r.decimal("quantity") ?? "0";
      const price = r.decimal("unit_price");
      const isTime = r.raw(TIME_CATEGORY) !== null && r.raw("unit.category") === r.raw(TIME_CATEGORY);
      return [
        {
          entity: "invoice_line",
          nativeId: id,
          key: id,
          ...(timeLine === null ? {} : { keys: { time_key: timeLine } }),
          data: {
            invoice_ref: r.text("invoice"),
            project_ref: projectIn(placesIn(r.raw(CHAIN)), link),
            time_ref: only?.id ?? "",
            description: r.text("description"),
            hours: isTime ? multiply(quantity, r.decimal("unit.factor") ?? "1") : "0",
            rate: isTime && price !== null ? perHour(r, "unit", price) : price,
            amount: r.decimal("amount") ?? "0",
            currency: r.text("currency.code"),
          },
        },
      ];
    }),
  });
}

interface Billed {
  /** Projects and tasks. */
  works: number[];
  time: { id: string; uuid: string }[];
}

/** An invoice line made from work does not name it; the work and its time name the line. */
async function billedBy(rows: readonly Row[], reading: Reading): Promise<Map<number, Billed>> {
  const ids = rows.map((r) => r.id);
  const found = new Map<number, Billed>();
  const of = (line: unknown): Billed => {
    const billed = found.get(Number(line)) ?? { works: [], time: [] };
    found.set(Number(line), billed);
    return billed;
  };
  const has = async (model: string, field: string) =>
    (await reading.server.fields(model, reading.signal))?.has(field) === true;
  if (await has("timesheet.line", "invoice_line"))
    for (const row of await reading.find(
      "timesheet.line",
      [["invoice_line", "in", ids]],
      ["invoice_line", "work.origin", "uuid"],
    )) {
      const billed = of(row.invoice_line);
      const work = workIn(row);
      billed.time.push({ id: String(row.id), uuid: typeof row.uuid === "string" ? row.uuid : "" });
      if (work !== null && !billed.works.includes(work)) billed.works.push(work);
    }
  for (const [model, work] of [
    ["project.work", "id"],
    ["project.work.invoiced_progress", "work"],
  ] as const)
    if (await has(model, "invoice_line"))
      for (const row of await reading.find(model, [["invoice_line", "in", ids]], ["invoice_line", work]))
        of(row.invoice_line).works.push(Number(row[work]));
  return found;
}

function timeIn(value: unknown): Billed["time"] {
  return Array.isArray(value)
    ? value.flatMap((t: { id?: unknown; uuid?: unknown } | null) =>
        typeof t?.id === "string" ? [{ id: t.id, uuid: typeof t.uuid === "string" ? t.uuid : "" }] : [],
      )
    : [];
}
