/** Clients and people: party.party, company.employee. The agreed key of both is the party's code. */
import { addDays, type IsoDate, instantOf } from "#core/time";
import { isObject } from "../payload.ts";
import type { Row, Server } from "./client.ts";
import { CHANGED_AT, modelStream, type Reading } from "./model-stream.ts";
import type { Models } from "./models.ts";
import { mappingOf, valueAt } from "./record.ts";
import type { Tenant } from "./tenant.ts";
import { dateOf } from "./values.ts";

/** A party's members that say it is not a client: it works here, or is the company itself. */
const OWN = "own_role";

export function partyStream(server: Server, models: Models, withPriceList: boolean) {
  return modelStream(server, models, {
    model: "party.party",
    yields: "customer",
    company: null,
    setting: null,
    fields: ["code", "name", "active", ...(withPriceList ? ["sale_price_list"] : [])],
    async complete(rows, reading) {
      const ids = rows.map((r) => r.id);
      const people = await partiesOf(reading, "company.employee", ids);
      const companies = await partiesOf(reading, "company.company", ids);
      return rows.map((row) => ({
        ...row,
        [OWN]: companies.has(row.id) ? "company" : people.has(row.id) ? "employee" : null,
      }));
    },
    map: mappingOf((r) => {
      const id = r.required("id");
      if (r.text(OWN) !== "") return [];
      return [
        {
          entity: "customer",
          nativeId: id,
          key: r.text("code") || null,
          data: {
            name: r.text("name"),
            // A party is shared by all companies and has no currency of its own.
            legal_entity: "",
            currency: "",
            is_active: r.raw("active") !== false,
            rate_card_ref: r.text("sale_price_list"),
          },
        },
      ];
    }),
  });
}

async function partiesOf(reading: Reading, model: string, ids: readonly unknown[]): Promise<Set<unknown>> {
  const rows = await reading.find(model, [["party", "in", ids]], ["party"]);
  return new Set(rows.map((r) => r.party));
}

export function employeeStream(server: Server, models: Models, tenant: Tenant) {
  const { costPrices } = server.settings;
  return modelStream(server, models, {
    model: "company.employee",
    yields: "resource",
    company: "company",
    setting: null,
    // Which cost price is in force depends on the day, and no stamp moves when the day comes.
    whole: true,
    related: ["party", ...(costPrices ? ["cost_prices"] : [])],
    fields: [
      "company",
      "company.currency.code",
      "party.code",
      "party.name",
      "party.active",
      "start_date",
      "end_date",
      ...(costPrices ? ["cost_prices.date", "cost_prices.cost_price"] : []),
    ],
    async complete(rows, { signal }) {
      const today = dayOf(await server.serverNow(signal));
      return rows.map((row) => ({ ...row, ...asOf(row, today) }));
    },
    map: mappingOf((r) => {
      const number = r.text("party.code");
      return [
        {
          entity: "resource",
          nativeId: r.required("id"),
          key: number || null,
          data: {
            employee_no: number,
            name: r.text("party.name"),
            role_name: "",
            is_active: r.raw("party.active") !== false && !r.flag("has_left"),
            cost_rate: r.decimal("cost_price"),
            currency: r.text("company.currency.code"),
            legal_entity: tenant.legalEntity(r.text("company")),
          },
        },
      ];
    }),
  });
}

const dayOf = (ms: number): IsoDate => instantOf(ms).slice(0, 10);

/** What a day makes of a person: the cost price in force, whether they have left, and since when that has been so. */
function asOf(row: Row, today: IsoDate): Row {
  const prices = valueAt(row, "cost_prices.");
  let since: IsoDate | null = null;
  let price: unknown = null;
  for (const line of Array.isArray(prices) ? prices : []) {
    const from = isObject(line) ? dateOf(line.date) : null;
    if (from === null || from > today || (since !== null && from <= since)) continue;
    since = from;
    price = isObject(line) ? line.cost_price : null;
  }
  const last = dateOf(row.end_date);
  const left = last !== null && last < today ? addDays(last, 1) : null;
  const latest = [since, left]
    .filter((d) => d !== null)
    .sort()
    .at(-1);
  return {
    cost_price: price,
    has_left: left !== null,
    ...(latest === undefined ? {} : { [CHANGED_AT]: `${latest}T00:00:00.000000Z` }),
  };
}
