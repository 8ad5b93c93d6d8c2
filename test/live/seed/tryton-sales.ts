/** Customers with their price lists, employees, and the opportunities that were won. */
import { date, decimal, type TrytonClient } from "../clients/tryton.ts";
import type { TrytonSide } from "../estate.ts";
import { at, type Calendar, CUSTOMERS, customerOf, type Engagement, PEOPLE } from "./firm.ts";
import { type Books, only } from "./tryton-books.ts";

export async function seedCustomers(tryton: TrytonClient, books: Books): Promise<TrytonSide["customers"]> {
  const customers: TrytonSide["customers"] = {};
  for (const customer of CUSTOMERS) {
    const roles = Object.entries(customer.rates);
    const priceList = await only(tryton, "product.price_list", {
      name: `${customer.name} contract`,
      company: books.company,
      unit: "product_default",
      lines: [
        ["create", roles.map(([role, rate]) => ({ product: at(books.products, role), formula: rate }))],
      ],
    });
    const party = await only(tryton, "party.party", {
      name: customer.name,
      code: customer.code,
      customer_payment_term: books.paymentTerm,
      sale_price_list: priceList,
      addresses: [["create", [{ street: "Harbour Street 1", city: "Berlin" }]]],
    });
    const lines = await tryton.find<{ id: number; product: number }>(
      "product.price_list.line",
      [["price_list", "=", priceList]],
      ["product"],
    );
    const priceLines = Object.fromEntries(
      roles.map(([role]) => [role, idWhere(lines, (l) => l.product === books.products[role], role)]),
    );
    customers[customer.code] = { party, priceList, priceLines };
  }
  return customers;
}

export async function seedEmployees(
  tryton: TrytonClient,
  books: Books,
  calendar: Calendar,
): Promise<TrytonSide["employees"]> {
  const employees: TrytonSide["employees"] = {};
  const since = date(`${Number(calendar.today.slice(0, 4)) - 2}-01-01`);
  for (const person of PEOPLE) {
    const party = await only(tryton, "party.party", {
      name: `${person.first} ${person.last}`,
      code: person.no,
    });
    const employee = await only(tryton, "company.employee", {
      party,
      company: books.company,
      start_date: since,
      cost_prices: [["create", [{ date: since, cost_price: decimal(person.cost) }]]],
    });
    employees[person.no] = { party, employee };
  }
  return employees;
}

type Won = Pick<
  TrytonSide["engagements"][string],
  "opportunity" | "opportunityNumber" | "sale" | "saleNumber" | "saleLines"
>;

/** From lead to won: the opportunity becomes a sale, the sale is priced by the contract, quoted and confirmed. */
export async function seedSale(
  tryton: TrytonClient,
  books: Books,
  engagement: Engagement,
  party: number,
  seller: number,
  calendar: Calendar,
): Promise<Won> {
  const rates = Object.entries(customerOf(engagement.customer).rates);
  const [address] = await tryton.find("party.address", [["party", "=", party]], ["id"]);
  const opportunity = await only(tryton, "sale.opportunity", {
    party,
    address: address?.id,
    company: books.company,
    description: engagement.name,
    employee: seller,
    payment_term: books.paymentTerm,
    start_date: date(calendar.signedOn),
    amount: decimal("60000.00"),
    lines: [
      [
        "create",
        rates.map(([role]) => ({ product: at(books.products, role), quantity: 100, unit: books.hour })),
      ],
    ],
  });
  await tryton.call("sale.opportunity", "opportunity", [[opportunity]]);
  await tryton.call("sale.opportunity", "convert", [[opportunity]]);
  const { id: sale } = await tryton.one(
    "sale.sale",
    [["origin", "=", `sale.opportunity,${opportunity}`]],
    ["id"],
  );
  const lines = await tryton.find<{ id: number; product: number }>(
    "sale.line",
    [["sale", "=", sale]],
    ["product"],
  );
  const saleLines: Record<string, number> = {};
  for (const [role, rate] of rates) {
    const id = idWhere(lines, (l) => l.product === books.products[role], role);
    await tryton.write("sale.line", [id], { unit_price: decimal(rate) });
    saleLines[role] = id;
  }
  await tryton.write("sale.sale", [sale], {
    sale_date: date(calendar.signedOn),
    invoice_address: address?.id,
    shipment_address: address?.id,
    invoice_method: "manual",
    shipment_method: "manual",
  });
  await tryton.call("sale.sale", "quote", [[sale]]);
  await tryton.call("sale.sale", "confirm", [[sale]]);
  const won = await tryton.one<{ number: string; state: string }>(
    "sale.opportunity",
    [["id", "=", opportunity]],
    ["number", "state"],
  );
  if (won.state !== "won") throw new Error(`The opportunity of ${engagement.name} is ${won.state}, not won`);
  const { number } = await tryton.one<{ number: string }>("sale.sale", [["id", "=", sale]], ["number"]);
  return { opportunity, opportunityNumber: won.number, sale, saleNumber: number, saleLines };
}

function idWhere<T extends { id: number }>(
  rows: readonly T[],
  is: (row: T) => boolean,
  what: string,
): number {
  const row = rows.find(is);
  if (row === undefined) throw new Error(`There is no line for ${what}`);
  return row.id;
}
