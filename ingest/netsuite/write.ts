/** The corrections NetSuite takes from Plumbline, by kind of record. */
import type { Entity } from "#core/entities";
import { RequestError } from "#core/errors";
import type { Change, Writer } from "../connector.ts";
import type { Account } from "./client.ts";
import { type RecordWriter, rejected } from "./record-writer.ts";
import type { Tenant } from "./tenant.ts";
import { allocationWriter } from "./write-allocation.ts";
import { projectWriter } from "./write-project.ts";
import { rateWriter } from "./write-rate.ts";
import { timeWriter } from "./write-time.ts";

export function accountWriter(account: Account, tenant: Tenant): Writer {
  const writers: Partial<Record<Entity, RecordWriter>> = {
    rate_line: rateWriter(account),
    assignment: allocationWriter(account),
    time_entry: timeWriter(account),
    project: projectWriter(account, tenant),
  };
  return {
    can: Object.fromEntries(Object.entries(writers).map(([entity, w]) => [entity, w.actions])),
    read(target, fields, refs) {
      const writer = writers[target.entity];
      if (!writer)
        throw new RequestError("netsuite.no-such-target", `Cannot write ${target.entity}`, {
          userMessage: `Plumbline does not write this kind of record in ${account.name}.`,
        });
      return writer.read(target, fields, refs);
    },
    async write(change: Change) {
      const writer = writers[change.target.entity];
      return writer?.actions.includes(change.action)
        ? writer.write(change)
        : rejected(
            "plumbline.unsupported",
            `Plumbline does not ${change.action} this kind of record in ${account.name}.`,
          );
    },
  };
}
