/**
 * Tryton as the CRM (what was sold and agreed), as the ERP (what finance works from), or as both from one database. Nothing but its own
 * modules is needed; an add-on that keeps change logs is used where it is found.
 */
import type { Entity } from "#core/entities";
import type { Connector, Stream } from "../connector.ts";
import { checkServer } from "./check.ts";
import { openServer, type Server } from "./client.ts";
import { LOGGED } from "./history-fields.ts";
import { historyStream } from "./history-stream.ts";
import { keyFieldsOf, lacksOf } from "./lacks.ts";
import { type Models, modelsOf } from "./models.ts";
import { settings, type TrytonSettings } from "./settings.ts";
import { invoiceLineStream, invoiceStream } from "./streams-ledger.ts";
import { employeeStream, partyStream } from "./streams-party.ts";
import { priceLineStream, priceListStream } from "./streams-price.ts";
import { allocationStream, workStream } from "./streams-project.ts";
import { opportunityStream, saleStream } from "./streams-sales.ts";
import { timeStream } from "./streams-time.ts";
import { type Tenant, tenantOf } from "./tenant.ts";
import { serverWriter } from "./write.ts";

/** The model behind each kind of record, where its native id is that model's. */
const MODELS: Readonly<Partial<Record<Entity, string>>> = {
  customer: "party.party",
  opportunity: "sale.opportunity",
  contract: "sale.sale",
  project: "project.work",
  task: "project.work",
  resource: "company.employee",
  assignment: "project.allocation",
  time_entry: "timesheet.line",
  rate_card: "product.price_list",
  invoice: "account.invoice",
  invoice_line: "account.invoice.line",
};

/** Rates come from several models; the native id says which. */
const RATE_MODELS: Readonly<Record<string, string>> = {
  work: "project.work",
  line: "product.price_list.line",
  "sale-line": "sale.line",
};

export const tryton: Connector<TrytonSettings> = {
  vendor: "tryton",
  label: "Tryton",
  roles: ["crm", "erp"],
  settings,
  open(source, s, deps) {
    const server = openServer(source, s, deps);
    const models = modelsOf(server);
    const tenant = tenantOf(source);
    const records = source.role === "crm" ? crmStreams : erpStreams;
    const logs = (LOGGED[source.role] ?? []).filter((l) => l.setting === undefined || s[l.setting]);
    const streams = [
      ...records(server, models, tenant),
      ...(s.history ? logs.map((l) => historyStream(server, models, l)) : []),
    ];
    return {
      check: () => checkServer(server, models, source, streams, deps.clock),
      streams,
      lacks: lacksOf(source.role, s),
      holds: { invoice: ["is_void", "tax"] },
      keyFields: keyFieldsOf(s),
      writer: source.role === "erp" ? serverWriter(server, tenant) : null,
      recordUrl: (entity, nativeId) => pageOf(s, entity, nativeId),
    };
  },
};

function crmStreams(server: Server, models: Models, tenant: Tenant): Stream[] {
  return [
    partyStream(server, models, false),
    saleStream(server, models, tenant),
    ...(server.settings.opportunities ? [opportunityStream(server, models)] : []),
  ];
}

function erpStreams(server: Server, models: Models, tenant: Tenant): Stream[] {
  const s = server.settings;
  return [
    ...(s.priceLists ? [priceListStream(server, models), priceLineStream(server, models)] : []),
    partyStream(server, models, s.priceLists),
    employeeStream(server, models, tenant),
    workStream(server, models, tenant),
    ...(s.allocations ? [allocationStream(server, models)] : []),
    timeStream(server, models),
    ...(s.invoices ? [invoiceStream(server, models, tenant), invoiceLineStream(server, models)] : []),
  ];
}

/** Where a person opens a record in the web client; null where none is installed. */
function pageOf(s: TrytonSettings, entity: Entity, nativeId: string): string | null {
  const [kind = "", id = ""] = nativeId.split(":");
  const model = entity === "rate_line" ? RATE_MODELS[kind] : MODELS[entity];
  if (s.webUrl === null || model === undefined) return null;
  const place = `${encodeURIComponent(s.database)}/model/${model}/${encodeURIComponent(id || nativeId)}`;
  return `${s.webUrl.replace(/\/+$/, "")}/#${place}`;
}
