/** What a Tryton company needs before it can sell and invoice: currency, company, chart, fiscal years, products by role. */
import { date, decimal, type TrytonClient } from "../clients/tryton.ts";
import { COMPANY, CURRENCY, ROLES } from "./firm.ts";

export interface Books {
  company: number;
  currency: number;
  hour: number;
  paymentTerm: number;
  /** product.product by role. */
  products: Record<string, number>;
}

/** @param years calendar years that are open for posting */
export async function seedBooks(tryton: TrytonClient, years: readonly string[]): Promise<Books> {
  const currency = await only(tryton, "currency.currency", {
    name: "Euro",
    code: CURRENCY,
    numeric_code: "978",
    symbol: "€",
    digits: 2,
    rounding: decimal("0.01"),
    rates: [["create", [{ date: date("2000-01-01"), rate: decimal("1") }]]],
  });
  const party = await only(tryton, "party.party", { name: COMPANY, code: "OWN" });
  const company = await only(tryton, "company.company", { party, currency });
  await tryton.write("res.user", [tryton.uid], { companies: [["add", [company]]], company });
  await tryton.refresh();
  const accounts = await chart(tryton, company);
  for (const year of years) await fiscalYear(tryton, company, year);
  const paymentTerm = await only(tryton, "account.invoice.payment_term", {
    name: "30 days",
    lines: [["create", [{ type: "remainder", relativedeltas: [["create", [{ days: 30 }]]] }]]],
  });
  const { id: hour } = await tryton.one("product.uom", [["symbol", "=", "h"]], ["id"]);
  const category = await only(tryton, "product.category", {
    name: "Services",
    accounting: true,
    account_revenue: accounts.revenue,
    account_expense: accounts.expense,
  });
  const products: Record<string, number> = {};
  for (const [role, price] of Object.entries(ROLES)) {
    const template = await only(tryton, "product.template", {
      name: role,
      type: "service",
      default_uom: hour,
      sale_uom: hour,
      salable: true,
      list_price: decimal(price),
      cost_price_method: "fixed",
      account_category: category,
      products: [["create", [{ suffix_code: role.replace(/[^A-Z]/g, "") }]]],
    });
    products[role] = (await tryton.one("product.product", [["template", "=", template]], ["id"])).id;
  }
  return { company, currency, hour, paymentTerm, products };
}

/** The id of one record made of these values. */
export async function only(tryton: TrytonClient, model: string, values: object): Promise<number> {
  const [id] = await tryton.create(model, values);
  if (id === undefined) throw new Error(`${model}: nothing was created`);
  return id;
}

async function chart(tryton: TrytonClient, company: number): Promise<{ revenue: number; expense: number }> {
  const template = await tryton.one("account.account.template", [["parent", "=", null]], ["id"]);
  await tryton.wizard("account.create_chart", [
    ["account", {}],
    ["create_account", { account: { company, account_template: template.id } }],
  ]);
  const account = async (kind: string) => {
    const [first] = await tryton.find(
      "account.account",
      [
        [`type.${kind}`, "=", true],
        ["company", "=", company],
      ],
      ["id"],
    );
    if (first === undefined) throw new Error(`The chart has no ${kind} account`);
    return first.id;
  };
  const defaults = {
    default_account_receivable: await account("receivable"),
    default_account_payable: await account("payable"),
  };
  const [kept] = await tryton.find("account.configuration", [], ["id"]);
  if (kept === undefined) await tryton.create("account.configuration", defaults);
  else await tryton.write("account.configuration", [kept.id], defaults);
  return { revenue: await account("revenue"), expense: await account("expense") };
}

async function fiscalYear(tryton: TrytonClient, company: number, year: string): Promise<void> {
  const type = async (name: string) =>
    (await tryton.one("ir.sequence.type", [["name", "=", name]], ["id"])).id;
  const moves = await only(tryton, "ir.sequence", {
    name: `Moves ${year}`,
    sequence_type: await type("Account Move"),
    company,
  });
  const invoices = await only(tryton, "ir.sequence.strict", {
    name: `Invoices ${year}`,
    sequence_type: await type("Invoice"),
    company,
    prefix: `INV-${year}-`,
    padding: 4,
  });
  const kinds = ["out_invoice", "in_invoice", "out_credit_note", "in_credit_note"];
  const sequences = Object.fromEntries(kinds.map((k) => [`${k}_sequence`, invoices]));
  const id = await only(tryton, "account.fiscalyear", {
    name: year,
    start_date: date(`${year}-01-01`),
    end_date: date(`${year}-12-31`),
    company,
    post_move_sequence: moves,
    invoice_sequences: [["create", [{ company, ...sequences }]]],
  });
  await tryton.call("account.fiscalyear", "create_period", [[id]]);
}
