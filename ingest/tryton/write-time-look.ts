/** A time line as it is now, found by its id or by the UUID it was posted under, and whether an invoice has it. */
import { unlinkedKey } from "#core/entities";
import { ConfigError } from "#core/errors";
import type { Row, Server } from "./client.ts";
import { referenceTo, valueAt } from "./record.ts";
import { type Held, hasField, oneLine, rowOf, stampOf, textAt } from "./record-writer.ts";
import { dateOf, hoursOf } from "./values.ts";
import { approvalOf, LINE } from "./write-time-refs.ts";
import { WORK, workOf } from "./write-work.ts";

export function withKey(server: Server, key: string): readonly unknown[] {
  return [["uuid", "=", server.settings.timeUuidPrefix + key]];
}

export async function look(server: Server, domain: readonly unknown[]): Promise<Held | null> {
  const approval = await approvalOf(server);
  const isInvoiceable = await hasField(server, LINE, "invoice_line");
  const row = await rowOf(server, LINE, domain, [
    "uuid",
    "date",
    "duration",
    "description",
    "employee.party.code",
    "work.origin",
    ...(isInvoiceable ? ["invoice_line"] : []),
    ...(approval === null ? [] : [approval.field]),
  ]);
  if (row === null) return null;
  const origin = referenceTo(valueAt(row, "work.origin"), WORK);
  const work = origin === null ? null : await workOf(server, origin);
  return {
    nativeId: String(row.id),
    values: {
      project_key: work === null ? null : keyOr(work.project.key, work.project.id),
      task_key: work?.type === "task" ? keyOr(work.key, work.id) : null,
      resource_key: textAt(row, "employee.party.code") || null,
      work_on: dateOf(row.date),
      hours: hoursOf(row.duration),
      note: oneLine(textAt(row, "description")),
      ...(approval === null ? {} : { status: textAt(row, approval.field) }),
    },
    stamps: stampOf(LINE, row),
    locked: typeof row.invoice_line === "number" ? await invoicedOn(server, row.invoice_line) : null,
  };
}

/** What others call a record that carries no agreed key. */
const keyOr = (key: string | null, id: number) => key ?? unlinkedKey(String(id));

/** Which invoice has it, where the integration's user may know. */
async function invoicedOn(server: Server, lineId: number): Promise<string> {
  let line: Row | null = null;
  try {
    line = await rowOf(
      server,
      "account.invoice.line",
      [["id", "=", lineId]],
      ["invoice.number", "invoice.state"],
    );
  } catch (error) {
    // The user may post time and may not see invoices; that it is invoiced is known all the same.
    if (!(error instanceof ConfigError)) throw error;
  }
  if (textAt(line, "invoice.state") === "draft")
    return `This time is on a draft invoice in ${server.name}. Take it off the draft there first.`;
  const number = textAt(line, "invoice.number");
  return `This time is already invoiced${number === "" ? "" : ` on ${number}`} in ${server.name}. It needs a credit note and a new invoice there.`;
}
