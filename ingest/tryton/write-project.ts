/** Creating a project that the PSA has and the ERP lacks, under the key it is to carry; and taking back one that nothing was done with. */
import { type Change, refName, type Values } from "../connector.ts";
import { newValue } from "../push-outcome.ts";
import type { Row, Server } from "./client.ts";
import { linkOf } from "./link.ts";
import {
  countOf,
  expected,
  gone,
  type Held,
  hasField,
  idOf,
  oneLine,
  type Plan,
  type RecordWriter,
  rejected,
  rowOf,
  rowsOf,
  snapshotOf,
  stampOf,
  textAt,
} from "./record-writer.ts";
import type { Tenant } from "./tenant.ts";
import { thereAlready } from "./write-outcome.ts";
import { keyIn, WORK, worksWithKey } from "./write-work.ts";

export function projectWriter(server: Server, tenant: Tenant): RecordWriter {
  return {
    actions: ["create", "delete"],
    async read({ nativeId, key }, fields) {
      const held =
        nativeId === null
          ? await lookByKey(server, tenant, key)
          : await look(server, tenant, idOf(server, nativeId, "a project"));
      return snapshotOf(held, fields);
    },
    plan: (change) =>
      change.action === "delete" ? remove(server, tenant, change) : create(server, tenant, change),
  };
}

async function lookByKey(server: Server, tenant: Tenant, key: string): Promise<Held | null> {
  const [row] = await worksWithKey(server, "project", key);
  return row === undefined ? null : look(server, tenant, Number(row.id));
}

async function look(server: Server, tenant: Tenant, id: number): Promise<Held | null> {
  const row = await rowOf(
    server,
    WORK,
    [
      ["id", "=", id],
      ["type", "=", "project"],
    ],
    ["name", "comment", "party.code", "company", "company.currency.code"],
  );
  if (row === null) return null;
  const { settings } = server;
  const name = textAt(row, "name");
  return {
    nativeId: String(id),
    values: {
      code: keyIn(settings, row),
      name: settings.link.field === "name" ? linkOf(settings).plain(name) : name.trim(),
      customer_key: textAt(row, "party.code") || null,
      currency: textAt(row, "company.currency.code") || null,
      legal_entity: tenant.legalEntity(textAt(row, "company")) || null,
    },
    stamps: stampOf(WORK, row),
    locked: null,
  };
}

async function create(server: Server, tenant: Tenant, change: Change): Promise<Plan> {
  const { key } = change.target;
  const { settings } = server;
  const link = linkOf(settings);
  const name = oneLine(newValue(change, "name")) || key;
  // Its code is the key it carries, and a project has no dates of its own there.
  const { code: _code, start_on: _start, end_on: _end, ...expect } = expected(change);
  const expectAll: Values = { ...expect, name };

  const found = await worksWithKey(server, "project", key);
  if (found.length > 1) return several(server, found.length, key);
  const there = found[0] === undefined ? null : await look(server, tenant, Number(found[0].id));
  if (there !== null) return { outcome: thereAlready(server, expectAll, there) };

  const label = link.write(key, name);
  if (link.keyOf(label) !== key)
    return rejected(
      "plumbline.link",
      `A project called "${label}" would not be known by its key "${key}" again: link.write and link.pattern in the settings of ${server.name} do not fit together. Correct them first.`,
    );
  const customerKey = newValue(change, "customer_key");
  const party = customerKey === null ? null : await partyFor(server, customerKey, change.refs);
  if (party === null)
    return rejected(
      "plumbline.unknown-reference",
      `The project's client (${customerKey ?? "none"}) is not known in ${server.name}. It must be there first.`,
    );
  const company = await server.company();
  const own = await rowOf(server, "company.company", [["id", "=", company]], ["currency.code", "party.name"]);
  const currency = newValue(change, "currency");
  if (currency !== null && currency !== textAt(own, "currency.code"))
    return rejected(
      "plumbline.currency",
      `The project is in ${currency}, and everything of ${textAt(own, "party.name")} in ${server.name} is in ${textAt(own, "currency.code")}. A person must create it in the company it belongs to.`,
    );
  const entity = newValue(change, "legal_entity");
  if (entity !== null && entity !== tenant.legalEntity(String(company)))
    return rejected(
      "plumbline.legal-entity",
      `The project belongs to ${entity}, and Plumbline works in ${tenant.legalEntity(String(company))} in ${server.name}. A person must create it in the company it belongs to.`,
    );
  const twin = await unlinkedTwin(server, name, party);
  if (twin !== null)
    return rejected(
      "plumbline.name-taken",
      `${server.name} already has a project "${textAt(twin, "name")}" of this client (id ${String(twin.id)}) that carries no key. A person must link it (by putting the key ${key} in its ${settings.link.field}) or rename it; creating a second one would split its time and invoices.`,
    );
  const fields = await server.fields(WORK);
  return {
    step: {
      model: WORK,
      method: "create",
      args: [
        [
          {
            type: "project",
            company,
            party,
            ...(settings.link.field === "name" ? { name: label } : { name, comment: label }),
            timesheet_available: true,
            ...(fields?.has("project_invoice_method") ? { project_invoice_method: "timesheet" } : {}),
          },
        ],
      ],
      stamps: {},
      look: () => lookByKey(server, tenant, key),
      expect: expectAll,
      ...(name.includes("\\") ? { hint: `A name may not hold a backslash in ${server.name}.` } : {}),
    },
  };
}

/** Only one that carries the key and that nothing hangs on. */
async function remove(server: Server, tenant: Tenant, change: Change): Promise<Plan> {
  const { nativeId, key } = change.target;
  const found = await worksWithKey(server, "project", key);
  if (found.length > 1) return several(server, found.length, key);
  const held = found[0] === undefined ? null : await look(server, tenant, Number(found[0].id));
  if (held === null) return gone(server, "The project that was created for this one");
  if (nativeId !== null && nativeId !== held.nativeId)
    return rejected(
      "plumbline.not-ours",
      "The project is not the one that was created. Nothing was deleted.",
    );
  const id = Number(held.nativeId);
  const hangs = await hangingOn(server, id);
  if (hangs.length > 0)
    return rejected(
      "plumbline.in-use",
      `The project has ${hangs.join(" and ")} in ${server.name}, so it is not deleted. A person must decide there.`,
    );
  return {
    step: {
      model: WORK,
      method: "delete",
      args: [[id]],
      stamps: held.stamps,
      look: () => look(server, tenant, id),
      expect: null,
    },
  };
}

/** What a deletion would take along or leave without a project. */
async function hangingOn(server: Server, id: number): Promise<string[]> {
  const optional: string[] = [];
  for (const field of ["invoice_line", "invoiced_progress", "allocations"])
    if (await hasField(server, WORK, field)) optional.push(field);
  const row = await rowOf(server, WORK, [["id", "=", id]], ["children", ...optional]);
  const has = (field: string) => {
    const value = row?.[field];
    return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined;
  };
  const lines = await countOf(server, "timesheet.line", [["work.origin", "=", `${WORK},${id}`]]);
  return [
    ...(has("children") ? ["tasks"] : []),
    ...(has("allocations") ? ["people allocated to it"] : []),
    ...(lines > 0 ? [`${lines} time ${lines === 1 ? "line" : "lines"}`] : []),
    ...(has("invoice_line") || has("invoiced_progress") ? ["invoices"] : []),
  ];
}

/** The client's id: the one that was named when it goes by this code, or else the one that does. */
async function partyFor(server: Server, code: string, refs: Change["refs"]): Promise<number | null> {
  const rows = await rowsOf(server, "party.party", [["code", "=", code]], ["code"]);
  const named = rows.find((r) => String(r.id) === refs[refName("customer", code)]);
  const party = named ?? (rows.length === 1 ? rows[0] : undefined);
  return party === undefined ? null : Number(party.id);
}

/** A project of the same name and client that carries no key. */
async function unlinkedTwin(server: Server, name: string, party: number): Promise<Row | null> {
  const rows = await rowsOf(
    server,
    WORK,
    [
      ["type", "=", "project"],
      ["party", "=", party],
    ],
    ["name", "comment"],
  );
  const same = (text: string) => oneLine(text).toLowerCase() === name.toLowerCase();
  return rows.find((row) => keyIn(server.settings, row) === null && same(textAt(row, "name"))) ?? null;
}

function several(server: Server, count: number, key: string): Plan {
  return rejected(
    "plumbline.several",
    `${server.name} has ${count} projects that carry the key ${key}. A person must decide which one it is.`,
  );
}
