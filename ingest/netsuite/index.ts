/** NetSuite as the ERP: what finance works from. Prices, allocations, time and projects can be corrected. */

import type { Entity } from "#core/entities";
import type { Connector, Stream } from "../connector.ts";
import { checkAccount } from "./check.ts";
import { openAccount } from "./client.ts";
import { holdsOf, keyFieldsOf } from "./holds.ts";
import { type NetSuiteSettings, settings } from "./settings.ts";
import { changeStream } from "./streams-change.ts";
import { milestoneStream } from "./streams-charge.ts";
import { expenseStream, invoiceLineStream, invoiceStream } from "./streams-ledger.ts";
import { customerStream, employeeStream } from "./streams-party.ts";
import { allocationStream, jobStream, taskStream } from "./streams-project.ts";
import { rateCardStream } from "./streams-rate.ts";
import { timeStream } from "./streams-time.ts";
import { tenantOf } from "./tenant.ts";
import { accountWriter } from "./write.ts";

/** Where each kind of record opens in the vendor's own screens. */
const PAGES: Readonly<Partial<Record<Entity, (id: string) => string>>> = {
  customer: (id) => `/app/common/entity/custjob.nl?id=${id}`,
  project: (id) => `/app/accounting/project/project.nl?id=${id}`,
  task: (id) => `/app/accounting/project/projecttask.nl?id=${id}`,
  resource: (id) => `/app/common/entity/employee.nl?id=${id}`,
  assignment: (id) => `/app/accounting/project/allocation.nl?id=${id}`,
  time_entry: (id) => `/app/accounting/transactions/timebill.nl?id=${id}`,
  invoice: (id) => `/app/accounting/transactions/custinvc.nl?id=${id}`,
  invoice_line: (id) => `/app/accounting/transactions/custinvc.nl?id=${id.split(":")[0]}`,
  expense: (id) => `/app/accounting/transactions/exprept.nl?id=${id.split(":")[0]}`,
  milestone: (id) => `/app/accounting/transactions/charge.nl?id=${id}`,
  rate_card: (id) => `/app/accounting/project/billingratecard.nl?id=${id}`,
  rate_line: (id) => `/app/accounting/project/billingratecard.nl?id=${id.split(":")[0]}`,
};

export const netsuite: Connector<NetSuiteSettings> = {
  vendor: "netsuite",
  label: "NetSuite",
  roles: ["erp"],
  settings,
  open(source, s, deps) {
    const account = openAccount(source, s, deps);
    const tenant = tenantOf(source);
    const screens = source.baseUrl
      .replace(/\/+$/, "")
      .replace(".suitetalk.api.netsuite.com", ".app.netsuite.com");
    const streams: Stream[] = [
      rateCardStream(account),
      customerStream(account, tenant, s),
      employeeStream(account, tenant),
      jobStream(account, tenant, s),
      taskStream(account),
      allocationStream(account),
      timeStream(account, tenant, s),
      invoiceStream(account, tenant),
      invoiceLineStream(account, s),
      expenseStream(account, s),
      ...(s.milestoneCharges ? [milestoneStream(account)] : []),
      ...(s.history ? [changeStream(account, tenant, s)] : []),
    ];
    return {
      check: () => checkAccount(account, streams, deps.clock),
      streams,
      holds: holdsOf(s),
      keyFields: keyFieldsOf(s),
      writer: accountWriter(account, tenant),
      ...(s.timeLinkField === null ? { lacks: { invoice_line: ["time_ref"] } } : {}),
      recordUrl: (entity, nativeId) => {
        const page = PAGES[entity];
        return page === undefined ? null : screens + page(nativeId);
      },
    };
  },
};
