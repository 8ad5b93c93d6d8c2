/** The corrections Tryton takes from Plumbline, by kind of record. */
import type { Entity } from "#core/entities";
import { RequestError } from "#core/errors";
import type { Change, Writer } from "../connector.ts";
import type { Server } from "./client.ts";
import type { RecordWriter } from "./record-writer.ts";
import type { Tenant } from "./tenant.ts";
import { allocationWriter } from "./write-allocation.ts";
import { invoiceLineWriter } from "./write-invoice-line.ts";
import { carryOut } from "./write-outcome.ts";
import { projectWriter } from "./write-project.ts";
import { rateWriter } from "./write-rate.ts";
import { timeWriter } from "./write-time.ts";

/** What is written in an ERP of this kind. `tenant` gives the firm's codes for companies. */
export function serverWriter(server: Server, tenant: Tenant): Writer {
  const { settings } = server;
  const writers: Partial<Record<Entity, RecordWriter>> = {
    rate_line: rateWriter(server),
    time_entry: timeWriter(server),
    ...(settings.allocations ? { assignment: allocationWriter(server) } : {}),
    project: projectWriter(server, tenant),
    ...(settings.invoices ? { invoice_line: invoiceLineWriter(server) } : {}),
  };
  return {
    can: Object.fromEntries(Object.entries(writers).map(([entity, w]) => [entity, w.actions])),
    read(target, fields, refs) {
      const writer = writers[target.entity];
      if (!writer)
        throw new RequestError("tryton.no-such-target", `Cannot write ${target.entity}`, {
          userMessage: `Plumbline does not write this kind of record in ${server.name}.`,
        });
      return writer.read(target, fields, refs);
    },
    async write(change: Change) {
      const writer = writers[change.target.entity];
      return writer?.actions.includes(change.action)
        ? carryOut(server, writer, change)
        : {
            outcome: "rejected",
            code: "plumbline.unsupported",
            message: `Plumbline does not ${change.action} this kind of record in ${server.name}.`,
          };
    },
  };
}
