/**
 * Engagements and their staffing: project.work, which holds projects and tasks in one tree, and project.allocation. What was moved or
 * renamed changes those below it without touching them, so they are read again with it.
 */
import { compare, fixed } from "#core/decimal";
import { NO_DATE } from "#core/entities";
import type { MappedRecord } from "../connector.ts";
import { reject } from "../payload.ts";
import type { Server } from "./client.ts";
import { linkOf } from "./link.ts";
import { CHANGED_AT, changedSince, type Domain, modelStream, type Reading } from "./model-stream.ts";
import type { Models } from "./models.ts";
import {
  productFields,
  productRelated,
  rateOf,
  roleOf,
  TIME_CATEGORY,
  withTimeCategory,
} from "./product-role.ts";
import { mappingOf, type TrytonRecord } from "./record.ts";
import type { Tenant } from "./tenant.ts";
import { chainsOf, customerIn, labelOf, newest, noteWorks, placesIn, projectIn } from "./work-tree.ts";

/** The member of a payload that holds the works above it, nearest first; for what is booked on a work, that work first. */
export const CHAIN = "works";

/** More changed works than a search should name: then everything is read. */
const MOST_NAMED = 1_000;

export function workStream(server: Server, models: Models, tenant: Tenant) {
  const { settings } = server;
  const { projectPrices, projectInvoicing, roleName } = settings;
  const link = linkOf(settings);
  const product = projectPrices ? ["product", "list_price", ...productFields("product", roleName)] : [];
  return modelStream(server, models, {
    model: "project.work",
    yields: "project",
    also: ["task", "rate_line"],
    company: "company",
    setting: null,
    related: ["status", ...(projectPrices ? productRelated("product", roleName) : [])],
    fields: [
      "name",
      "comment",
      "type",
      "parent",
      "party",
      "company",
      "company.currency.code",
      "status.name",
      "timesheet_available",
      ...(projectInvoicing ? ["project_invoice_method"] : []),
      ...product,
    ],
    async widen(since, reading) {
      const changed = await changedWorks(since, reading);
      return changed === null ? [[]] : changed.length === 0 ? [] : [[["parent", "child_of", changed]]];
    },
    async complete(rows, reading) {
      noteWorks(reading, settings.link.field, rows);
      const chains = await chainsOf(
        reading,
        settings.link.field,
        rows.map((r) => Number(r.id)),
      );
      const timed = projectPrices ? await withTimeCategory(rows, reading) : rows;
      return timed.map((row) => {
        const above = (chains.get(Number(row.id)) ?? []).slice(1);
        return { ...row, [CHAIN]: above, [CHANGED_AT]: newest(above) };
      });
    },
    map: mappingOf((r) => {
      const id = r.required("id");
      const label = labelOf(r.text(settings.link.field));
      const above = placesIn(r.raw(CHAIN));
      const self = { id: Number(id), type: r.text("type"), label, party: partyOf(r), changed_at: null };
      const chain = [self, ...above];
      const name = settings.link.field === "name" ? link.plain(r.text("name")) : r.text("name");
      const status = r.text("status.name");
      const isOpen = !settings.closedProjectStatuses.includes(status);
      const customer = customerIn(chain);
      const currency = r.text("company.currency.code");
      const key = link.keyOf(label);
      const record: MappedRecord =
        self.type === "project"
          ? {
              entity: "project",
              nativeId: id,
              key,
              data: {
                code: key ?? "",
                name,
                customer_ref: customer,
                opportunity_ref: "",
                manager: "",
                status,
                is_active: isOpen,
                // Work for nobody is the firm's own.
                is_billable: customer !== "",
                billing_type: r.text("project_invoice_method"),
                start_on: NO_DATE,
                end_on: NO_DATE,
                currency,
                legal_entity: tenant.legalEntity(r.text("company")),
              },
            }
          : {
              entity: "task",
              nativeId: id,
              key,
              data: {
                project_ref: projectIn(above, link),
                name,
                status,
                is_open: isOpen,
                is_billable: customer !== "",
              },
            };
      const role = roleOf(r, "product", roleName, r.raw(TIME_CATEGORY));
      const price = r.decimal("list_price");
      if (role === null || price === null) return [record];
      return [
        record,
        {
          entity: "rate_line",
          nativeId: `work:${id}`,
          key: `work:${id}`,
          data: {
            card_ref: "",
            customer_ref: customer,
            project_ref: projectIn(chain, link),
            role_name: role,
            currency,
            // By the hour, whatever unit the product is sold in.
            rate: rateOf(price, "list_price"),
            effective_from: NO_DATE,
            effective_to: NO_DATE,
            is_signed: true,
          },
        },
      ];
    }),
  });
}

export function allocationStream(server: Server, models: Models) {
  const { settings } = server;
  const link = linkOf(settings);
  return modelStream(server, models, {
    model: "project.allocation",
    yields: "assignment",
    company: "work.company",
    setting: "allocations",
    // Its dates are those of its work, and writing them leaves the allocation as it was.
    related: ["work", "work.status", "employee", "employee.party"],
    fields: [
      "percentage",
      "employee",
      "employee.party.code",
      "work",
      "work.company.currency.code",
      "work.status.name",
      "work.constraint_start_date",
      "work.constraint_finish_date",
    ],
    async widen(since, reading) {
      const changed = await changedWorks(since, reading);
      return changed === null ? [[]] : changed.length === 0 ? [] : [[["work.parent", "child_of", changed]]];
    },
    async complete(rows, reading) {
      const ids = rows.flatMap((r) => (typeof r.work === "number" ? [r.work] : []));
      const chains = await chainsOf(reading, settings.link.field, ids);
      return rows.map((row) => {
        const chain = chains.get(Number(row.work)) ?? [];
        return { ...row, [CHAIN]: chain, [CHANGED_AT]: newest(chain) };
      });
    },
    map: mappingOf((r) => {
      const id = r.required("id");
      const chain = placesIn(r.raw(CHAIN));
      const work = link.keyOf(chain[0]?.label ?? "");
      const number = r.text("employee.party.code");
      const customer = customerIn(chain);
      const status = r.text("work.status.name");
      return [
        {
          entity: "assignment",
          nativeId: id,
          key: work === null || number === "" ? null : `${work}|${number}`,
          data: {
            project_ref: projectIn(chain, link),
            resource_ref: r.text("employee"),
            role_name: "",
            start_on: r.date("work.constraint_start_date"),
            end_on: r.date("work.constraint_finish_date"),
            allocation_pct: share(r),
            hours: "0",
            bill_rate: null,
            currency: r.text("work.company.currency.code"),
            status,
            is_active: !settings.closedProjectStatuses.includes(status),
            is_billable: customer !== "",
          },
        },
      ];
    }),
  });
}

/** Ids of works written since; null when there are so many that everything had better be read. */
async function changedWorks(since: string, reading: Reading): Promise<number[] | null> {
  const domain: Domain = [changedSince(since)];
  const found = await reading.find("project.work", domain, ["id"], MOST_NAMED + 1);
  return found.length > MOST_NAMED ? null : found.map((r) => Number(r.id));
}

function partyOf(r: TrytonRecord): number | null {
  const party = r.raw("party");
  return typeof party === "number" ? party : null;
}

function share(r: TrytonRecord): string {
  const percent = r.decimal("percentage") ?? reject("bad-number", "percentage is empty.");
  if (compare(percent, "0") < 0 || compare(percent, "1000") > 0)
    reject("out-of-range", `percentage holds ${percent} percent.`);
  return fixed(percent, 2);
}
