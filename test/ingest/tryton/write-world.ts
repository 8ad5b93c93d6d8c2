/** What every test of Tryton's writer starts from: a small firm on the fake server, and the connector's writer opened on it. */
import { Config } from "#core/config";
import { manualClock } from "#core/time";
import type { Change, Writer } from "#ingest/connector";
import { openHttp } from "#ingest/http";
import { tryton } from "#ingest/tryton/index";
import { settings as schema } from "#ingest/tryton/settings";
import { dateForm, decimalForm, durationForm } from "#ingest/tryton/values";
import type { HttpFaultEffect } from "#sandbox/http-faults";
import type { Row } from "./fake-domain.ts";
import { type FakeTryton, PASSWORD, startFakeTryton } from "./fake-writes.ts";

let world: { fake: FakeTryton } | null = null;

/** Closes what was opened last; for afterEach. */
export async function closeWriting(): Promise<void> {
  await world?.fake.server.close();
  world = null;
}

export async function openWriting(settings: Record<string, unknown> = {}) {
  await closeWriting();
  const clock = manualClock("2026-11-21T10:00:00.000Z");
  const fake = await startFakeTryton(clock);
  world = { fake };
  const firm = seed(fake);
  const config = Config.parse({
    reporting: { currency: "EUR" },
    sources: [
      {
        id: "tryton-erp",
        vendor: "tryton",
        role: "erp",
        name: "Tryton",
        baseUrl: fake.server.url,
        legalEntities: { "1": "NW-DE" },
        requestsPerMinute: 100_000,
        settings: { database: "erp", username: "integration", password: PASSWORD, ...settings },
      },
    ],
  }).sources[0];
  if (config === undefined) throw new Error("The configuration has a source");
  const http = openHttp({
    source: "Tryton",
    hosts: [new URL(fake.server.url).host],
    requestsPerMinute: 100_000,
    clock,
    backoffMs: 1,
    tries: 2,
  });
  const source = tryton.open(config, schema.parse(config.settings), { http, clock });
  /** What goes wrong with the next request whose body matches. */
  const fail = (body: RegExp, effect: HttpFaultEffect) =>
    fake.server.faults.add({ body: body.source, times: 1, effect });
  const refuse = (body: RegExp, error: unknown[]) =>
    fail(body, { kind: "answer", status: 200, body: { id: 1, error } });
  return { fake, firm, writer: source.writer as Writer, fail, refuse };
}

/** A change of fields from one value to another. */
export function update(
  entity: Change["target"]["entity"],
  nativeId: string,
  changes: Readonly<Record<string, readonly [from: string | null, to: string | null]>>,
  token: string | null = null,
): Change {
  return {
    target: { entity, nativeId, key: `${entity}-key` },
    action: "update",
    changes: Object.entries(changes).map(([field, [from, to]]) => ({ field, from, to })),
    refs: {},
    token,
    idempotencyKey: "push-1",
  };
}

/** Contoso's platform with two tasks, one of which takes time; Ada on it, Grace on the other. */
function seed({ put }: FakeTryton) {
  const eur = put("currency.currency", { code: "EUR" });
  const own = put("party.party", { code: "1", name: "Northwind Consulting" });
  put("company.company", { party: own, currency: eur });
  put("project.work.status", { name: "Open" });
  const done = put("project.work.status", { name: "Done" });
  const time = put("product.uom.category", { name: "Zeit" });
  const units = put("product.uom.category", { name: "Units" });
  put("ir.model.data", {
    module: "product",
    model: "product.uom.category",
    fs_id: "uom_cat_time",
    db_id: time,
  });
  const hour = put("product.uom", { rec_name: "Hour", category: time, factor: 1 });
  const day = put("product.uom", { rec_name: "Work Day", category: time, factor: 8 });
  const piece = put("product.uom", { rec_name: "Unit", category: units, factor: 1 });
  const product = (unit: number) =>
    put("product.product", { list_price: decimalForm("120.00"), default_uom: unit });
  const [senior, daily, workshop] = [product(hour), product(day), product(piece)];
  const contoso = put("party.party", { code: "C-7", name: "Contoso GmbH" });
  const person = (code: string, name: string, more: Row = {}) =>
    put("company.employee", { party: put("party.party", { code, name }), company: 1, ...more });
  // Her number is the number of a task too.
  const ada = person("17", "Ada Lovelace", { end_date: dateForm("2026-11-30") });
  const grace = person("E-2", "Grace Hopper");
  const project = put("project.work", {
    name: "[contoso-dp] Contoso data platform",
    type: "project",
    party: contoso,
  });
  const work = (name: string, more: Row = {}) =>
    put("project.work", {
      name,
      type: "task",
      parent: project,
      product: senior,
      list_price: decimalForm("150.0000"),
      ...more,
    });
  const build = work("[#17] Build");
  const rollout = work("[#18] Rollout");
  const sheet = put("timesheet.work", { origin: `project.work,${build}` });
  const line = (uuid: string, more: Row = {}) =>
    put("timesheet.line", {
      uuid,
      company: 1,
      employee: ada,
      work: sheet,
      date: dateForm("2026-11-10"),
      duration: durationForm("7.5"),
      description: "Cutover",
      approval_state: "approved",
      ...more,
    });
  const allocation = (on: number, employee: number) =>
    put("project.allocation", { work: on, employee, percentage: 50 });
  return {
    done,
    senior,
    daily,
    workshop,
    contoso,
    ada,
    grace,
    project,
    build,
    rollout,
    sheet,
    line,
    allocation,
  };
}

/** A writer with one time line to post: task 17 of Contoso's platform, by Ada, whose number is 17 too. */
export async function openTime(settings: Record<string, unknown> = {}) {
  const all = await openWriting(settings);
  const { firm, fake } = all;
  const target = { entity: "time_entry", nativeId: null, key: "901" } as const;
  const values: Record<string, string> = {
    project_key: "contoso-dp",
    task_key: "17",
    resource_key: "17",
    work_on: "2026-11-10",
    hours: "7.5000",
    is_billable: "1",
    note: "Cutover\nweekend",
  };
  // The task's number is the person's too.
  const refs = {
    "project contoso-dp": String(firm.project),
    "task 17": String(firm.build),
    "resource 17": String(firm.ada),
  };
  const create = (change: Record<string, string | null> = {}): Change => ({
    target,
    action: "create",
    changes: Object.entries({ ...values, ...change }).flatMap(([field, to]) =>
      to === null ? [] : [{ field, from: null, to }],
    ),
    refs,
    token: null,
    idempotencyKey: "push-1",
  });
  const posted = () => fake.rows("timesheet.line").filter((r) => /^redmine-90/.test(String(r.uuid)));
  return { ...all, target, refs, create, posted };
}
