/** Price lists and their lines. Both are small and depend on the products' own prices, so they are read whole each time. */
import { NO_DATE } from "#core/entities";
import { quote, reject } from "../payload.ts";
import type { Server } from "./client.ts";
import { modelStream } from "./model-stream.ts";
import type { Models } from "./models.ts";
import { formulaOf, priceBy } from "./price-formula.ts";
import {
  perHour,
  productFields,
  productRelated,
  rateOf,
  roleOf,
  TIME_CATEGORY,
  withTimeCategory,
} from "./product-role.ts";
import { mappingOf } from "./record.ts";

export function priceListStream(server: Server, models: Models) {
  return modelStream(server, models, {
    model: "product.price_list",
    yields: "rate_card",
    company: "company",
    setting: "priceLists",
    whole: true,
    fields: ["name", "active", "tax_included"],
    map: mappingOf((r) => {
      const id = r.required("id");
      return [
        {
          entity: "rate_card",
          nativeId: id,
          key: id,
          // Which clients a list prices is said on the client; one list may price many.
          data: { name: r.text("name"), customer_ref: "", is_active: r.raw("active") !== false },
        },
      ];
    }),
  });
}

export function priceLineStream(server: Server, models: Models) {
  const { roleName } = server.settings;
  return modelStream(server, models, {
    model: "product.price_list.line",
    yields: "rate_line",
    company: "price_list.company",
    setting: "priceLists",
    whole: true,
    related: ["price_list", ...productRelated("product", roleName), "product.template"],
    fields: [
      "price_list",
      "price_list.company.currency.code",
      "price_list.active",
      "price_list.tax_included",
      "formula",
      "quantity",
      "product",
      "product.list_price",
      ...productFields("product", roleName),
    ],
    complete: withTimeCategory,
    map: mappingOf((r) => {
      const id = r.required("id");
      const role = roleOf(r, "product", roleName, r.raw(TIME_CATEGORY));
      // A line for a category or for everything is no role's price, and one above a quantity is not the price of an hour.
      if (role === null || r.raw("price_list.active") === false || (r.decimal("quantity") ?? "0") !== "0")
        return [];
      if (r.flag("price_list.tax_included"))
        reject(
          "unknown-value",
          "The price list's prices include tax, so they cannot be compared with rates.",
        );
      const text = r.text("formula");
      const price =
        priceBy(formulaOf(text), r.decimal("product.list_price")) ??
        reject(
          "unknown-value",
          `formula holds ${quote(text)}; only a number, unit_price or unit_price times a number can be told exactly.`,
        );
      return [
        {
          entity: "rate_line",
          nativeId: `line:${id}`,
          key: `line:${id}`,
          data: {
            card_ref: r.text("price_list"),
            customer_ref: "",
            project_ref: "",
            role_name: role,
            currency: r.text("price_list.company.currency.code"),
            rate: perHour(r, "product.default_uom", rateOf(price, "formula")),
            // A price list holds what is charged now, with no dates.
            effective_from: NO_DATE,
            effective_to: NO_DATE,
            is_signed: true,
          },
        },
      ];
    }),
  });
}
