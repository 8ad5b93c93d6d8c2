/** Signed contracts and what hangs on them, written straight into the canonical tables. */
import type { Store } from "#sql/store";
import { put, putEngagement, timeLine } from "./seed.ts";

type Row = Record<string, unknown>;

/** A signed contract of a customer, running through 2026. */
export async function putContract(store: Store, key: string, customer: string, more: Row = {}) {
  await put(store, "crm", "contract", [
    {
      key,
      number: `N-${key}`,
      customer_key: customer,
      is_signed: 1,
      start_on: "2026-01-01",
      end_on: "2026-12-31",
      signed_on: "2025-12-20",
      value: null,
      currency: "USD",
      legal_entity: "US01",
      ...more,
    },
  ]);
}

/** A signed amendment of a contract. */
export async function putAmendment(store: Store, key: string, contract: string, more: Row = {}) {
  await putContract(store, key, "", {
    amends_ref: contract,
    amends_key: contract,
    start_on: "1970-01-01",
    end_on: "1970-01-01",
    signed_on: "2026-03-01",
    ...more,
  });
}

/**
 * An engagement (see putEngagement) sold by `O-<name>` under the contract `K-<name>`, whose project is for that sale. One billable
 * line of 8 hours a name in `lines`, at 200 an hour unless told otherwise, in both systems.
 */
export async function putSold(
  store: Store,
  name: string,
  options: {
    contract?: Row;
    sale?: Row;
    project?: Row;
    job?: Row;
    customer?: Row;
    rate?: string;
    lines?: readonly Row[];
  } = {},
) {
  const of = await putEngagement(store, name, options.rate ? { rate: options.rate } : {});
  const contract = `K-${name}`;
  const sale = `O-${name}`;
  await putContract(store, contract, of.customer, options.contract);
  await put(store, "crm", "opportunity", [
    {
      key: sale,
      name: `Sale ${name}`,
      customer_key: of.customer,
      contract_key: contract,
      stage: "Closed Won",
      is_won: 1,
      is_closed: 1,
      amount: null,
      currency: "USD",
      close_on: "2025-12-20",
      ...options.sale,
    },
  ]);
  const project = {
    key: of.project,
    code: `CODE-${name}`,
    name: `Project ${name}`,
    customer_key: of.customer,
    is_active: 1,
    is_billable: 1,
    start_on: "2026-01-05",
    end_on: "2026-12-31",
    currency: "USD",
    legal_entity: "US01",
  };
  await put(store, "psa", "project", [{ ...project, opportunity_key: sale, ...options.project }]);
  await put(store, "erp", "project", [{ ...project, ...options.job }]);
  if (options.customer)
    await put(store, "erp", "customer", [
      {
        key: of.customer,
        name,
        legal_entity: "US01",
        currency: "USD",
        is_active: 1,
        rate_card_ref: `card-${name}`,
        ...options.customer,
      },
    ]);
  const lines = (options.lines ?? []).map((more, n) => timeLine(`${name}-${n + 1}`, of, more));
  if (lines.length > 0) for (const role of ["psa", "erp"]) await put(store, role, "time_entry", lines);
  return { ...of, contract, sale };
}
