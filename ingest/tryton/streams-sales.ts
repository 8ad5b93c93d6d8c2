/** What was sold: sale.opportunity, and sale.sale as the contract with its lines as the agreed rates. */
import { NO_DATE } from "#core/entities";
import type { MappedRecord } from "../connector.ts";
import type { Server } from "./client.ts";
import { modelStream } from "./model-stream.ts";
import type { Models } from "./models.ts";
import {
  perHour,
  productFields,
  productRelated,
  rateOf,
  roleOf,
  TIME_CATEGORY,
  withTimeCategory,
} from "./product-role.ts";
import { mappingOf, type TrytonRecord } from "./record.ts";
import type { Tenant } from "./tenant.ts";

/** States of a sale that mean the customer has agreed. */
const SIGNED = new Set(["confirmed", "processing", "done"]);
const CLOSED = new Set(["won", "lost", "cancelled"]);

export function opportunityStream(server: Server, models: Models) {
  return modelStream(server, models, {
    model: "sale.opportunity",
    yields: "opportunity",
    company: "company",
    setting: "opportunities",
    fields: [
      "number",
      "description",
      "party",
      "state",
      "amount",
      "currency.code",
      "start_date",
      "end_date",
      "sales",
    ],
    map: mappingOf((r) => {
      const state = r.text("state");
      const sales = r.raw("sales");
      const newest = Array.isArray(sales) ? Math.max(0, ...sales.filter((s) => typeof s === "number")) : 0;
      return [
        {
          entity: "opportunity",
          nativeId: r.required("id"),
          key: r.text("number") || null,
          data: {
            name: r.text("description") || r.text("number"),
            customer_ref: r.text("party"),
            contract_ref: newest === 0 ? "" : String(newest),
            stage: state,
            is_won: state === "won",
            is_closed: CLOSED.has(state),
            amount: r.decimal("amount"),
            currency: r.text("currency.code"),
            close_on: r.date("end_date"),
          },
        },
      ];
    }),
  });
}

export function saleStream(server: Server, models: Models, tenant: Tenant) {
  const { roleName } = server.settings;
  return modelStream(server, models, {
    model: "sale.sale",
    yields: "contract",
    also: ["rate_line"],
    company: "company",
    setting: null,
    related: ["lines", ...productRelated("lines.product", roleName)],
    fields: [
      "number",
      "company",
      "party",
      "state",
      "sale_date",
      "untaxed_amount",
      "currency.code",
      "lines.type",
      "lines.unit_price",
      "lines.unit.category",
      "lines.unit.factor",
      "lines.product",
      ...productFields("lines.product", roleName),
    ],
    complete: withTimeCategory,
    map: mappingOf((r) => {
      const id = r.required("id");
      const state = r.text("state");
      const signedOn = r.date("sale_date");
      const isSigned = SIGNED.has(state);
      const contract: MappedRecord = {
        entity: "contract",
        nativeId: id,
        key: r.text("number") || null,
        data: {
          number: r.text("number"),
          customer_ref: r.text("party"),
          amends_ref: "",
          status: state,
          is_signed: isSigned,
          start_on: signedOn,
          end_on: NO_DATE,
          value: r.decimal("untaxed_amount"),
          currency: r.text("currency.code"),
          legal_entity: tenant.legalEntity(r.text("company")),
          signed_on: isSigned ? signedOn : NO_DATE,
        },
      };
      const rates = r.list("lines").flatMap((line): MappedRecord[] => {
        const role = roleOf(line, "product", roleName, r.raw(TIME_CATEGORY));
        if (line.text("type") !== "line" || role === null || line.raw("unit_price") === null) return [];
        return [
          {
            entity: "rate_line",
            nativeId: `sale-line:${line.required("id")}`,
            key: `sale-line:${line.required("id")}`,
            // The contract stands where other systems have a price list.
            keys: { card_key: r.text("number") || id },
            data: {
              card_ref: id,
              customer_ref: r.text("party"),
              project_ref: "",
              role_name: role,
              currency: r.text("currency.code"),
              rate: hourly(line),
              effective_from: signedOn,
              effective_to: NO_DATE,
              is_signed: isSigned,
            },
          },
        ];
      });
      return [contract, ...rates];
    }),
  });
}

/** A line is sold in a unit of its own choice, such as working days. */
function hourly(line: TrytonRecord): string {
  const price = rateOf(line.decimal("unit_price"), "unit_price");
  return line.raw("unit.category") === line.raw("product.default_uom.category")
    ? perHour(line, "unit", price)
    : price;
}
