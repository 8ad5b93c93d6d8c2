/** Creating a project that the PSA has and the ERP lacks: under the PSA's id, and never beside one that has its code. */
import { type Change, refName, type Snapshot, type WriteOutcome, type WriteTarget } from "../connector.ts";
import { newValue } from "../push-outcome.ts";
import type { Account, Row } from "./client.ts";
import { keyOf, NOTHING, outcomeOf, pick, type RecordWriter, rejected } from "./record-writer.ts";
import { dateText } from "./table-stream.ts";
import type { Tenant } from "./tenant.ts";

export function projectWriter(account: Account, tenant: Tenant): RecordWriter {
  const find = (where: string, params: readonly (string | number)[]) => jobs(account, where, params);
  return {
    actions: ["create", "delete"],
    async read(target, fields, refs): Promise<Snapshot> {
      const [row] =
        target.nativeId === null
          ? await find("t.externalid = ?", [target.key])
          : await find("t.id = ?", [Number(target.nativeId)]);
      if (row === undefined) return NOTHING;
      const text = (name: string) => String(row[name] ?? "");
      return {
        exists: true,
        nativeId: text("id"),
        values: pick(
          {
            code: text("entityid"),
            name: text("companyname"),
            customer_key: keyOf(refs, "customer", text("customer")),
            legal_entity: tenant.legalEntity(text("subsidiary")),
            currency: text("currency"),
            start_on: text("startdate") || null,
            end_on: text("projectedenddate") || null,
          },
          fields,
        ),
        token: null,
        locked: null,
      };
    },
    write: (change) =>
      change.action === "delete" ? remove(account, change) : create(account, tenant, change),
  };
}

async function jobs(
  account: Account,
  where: string,
  params: readonly (string | number)[],
): Promise<readonly Row[]> {
  const page = await account.select(
    "projects",
    `SELECT t.id AS id, t.externalid AS externalid, t.entityid AS entityid, t.companyname AS companyname, t.customer AS customer, t.subsidiary AS subsidiary, c.symbol AS currency, ${dateText("t.startdate")} AS startdate, ${dateText("t.projectedenddate")} AS projectedenddate FROM job t LEFT JOIN currency c ON c.id = t.currency WHERE ${where} ORDER BY t.id`,
    params,
    { purpose: "push" },
  );
  return page.records;
}

async function create(account: Account, tenant: Tenant, change: Change): Promise<WriteOutcome> {
  const { key } = change.target;
  const [found] = await jobs(account, "t.externalid = ?", [key]);
  if (found !== undefined)
    return {
      outcome: "applied",
      nativeId: String(found.id),
      receipt: "was there already; nothing was written",
    };
  const code = newValue(change, "code") ?? "";
  if (code === "") return rejected("plumbline.incomplete", "The project has no code, and the ERP needs one.");
  const [taken] = await jobs(account, "UPPER(t.entityid) = ?", [code.trim().toUpperCase()]);
  if (taken !== undefined)
    return rejected(
      "plumbline.code-taken",
      `${account.name} already has a project ${code} (id ${String(taken.id)}) that is ${taken.externalid === undefined ? "not linked to any PSA project" : "linked to another PSA project"}. A person must link it (set its external id to ${key}) or give one of them another code; creating a second one would split its time and invoices.`,
    );
  const customerKey = newValue(change, "customer_key");
  const customer = customerKey === null ? undefined : change.refs[refName("customer", customerKey)];
  if (customer === undefined)
    return rejected("plumbline.unknown-reference", `The project's client is not known in ${account.name}.`);
  const symbol = newValue(change, "currency");
  const currency = symbol === null ? null : await currencyId(account, symbol);
  if (symbol !== null && currency === null)
    return rejected("plumbline.unknown-currency", `${account.name} has no currency ${symbol}.`);
  const entity = newValue(change, "legal_entity");
  const [start, end] = [newValue(change, "start_on"), newValue(change, "end_on")];
  const body: Row = {
    ...account.settings.projectDefaults,
    entityId: code,
    companyName: newValue(change, "name") ?? code,
    parent: { id: customer },
    ...(entity === null ? {} : { subsidiary: { id: tenant.subsidiary(entity) } }),
    ...(currency === null ? {} : { currency: { id: currency } }),
    ...(start === null ? {} : { startDate: start }),
    ...(end === null ? {} : { projectedEndDate: end }),
  };
  const path = `job/eid:${encodeURIComponent(key)}`;
  const outcome = await outcomeOf(
    account,
    `PUT ${path}`,
    null,
    () => account.write("PUT", path, body),
    async () => ({}),
  );
  if (outcome.outcome !== "unknown") return outcome;
  const made = await lookedUp(account, change.target);
  return made === null
    ? outcome
    : { outcome: "applied", nativeId: made, receipt: "found after the answer was lost" };
}

/** Taking back a project Plumbline created. The vendor itself refuses while anything is booked on it. */
async function remove(account: Account, change: Change): Promise<WriteOutcome> {
  const [row] = await jobs(account, "t.externalid = ?", [change.target.key]);
  const id = row === undefined ? null : String(row.id);
  if (id === null)
    return rejected("plumbline.gone", `${account.name} holds no project that was created for this one.`);
  if (change.target.nativeId !== null && change.target.nativeId !== id)
    return rejected(
      "plumbline.not-ours",
      "The project is not the one that was created. Nothing was deleted.",
    );
  return outcomeOf(
    account,
    `DELETE job/${id}`,
    id,
    () => account.write("DELETE", `job/${id}`, null),
    async () => ({}),
  );
}

async function lookedUp(account: Account, target: WriteTarget): Promise<string | null> {
  try {
    const rows = await jobs(account, "t.externalid = ?", [target.key]);
    return rows[0] === undefined ? null : String(rows[0].id);
  } catch {
    // The look-up met the same trouble; the outcome stays unknown, which is the truth.
    return null;
  }
}

async function currencyId(account: Account, symbol: string): Promise<string | null> {
  const page = await account.select(
    "currencies",
    "SELECT id FROM currency WHERE symbol = ? ORDER BY id",
    [symbol],
    {
      purpose: "push",
    },
  );
  const id = page.records[0]?.id;
  return typeof id === "string" ? id : null;
}
