/**
 * Who changed what, from the account's system notes. They cover clients, people, projects and transactions, not time,
 * allocations, tasks or prices; they have no id of their own, and they go when their record is deleted.
 */
import { ENTITY_SCHEMAS, type Entity } from "#core/entities";
import { stableId } from "#core/ids";
import type { MappedChange, Stream } from "../connector.ts";
import { type Fields, isDate, mapping } from "../payload.ts";
import type { Account, Row } from "./client.ts";
import type { NetSuiteSettings } from "./settings.ts";
import { STAMP, tableStream } from "./table-stream.ts";
import type { Tenant } from "./tenant.ts";

const COLUMNS = ["recordtypeid", "recordid", "field", "oldvalue", "newvalue", "actor", "context"] as const;

export function changeStream(account: Account, tenant: Tenant, s: NetSuiteSettings): Stream {
  const integrations = new Set(s.integrationUsers);
  const contexts = new Set(s.integrationContexts);
  return tableStream(account, {
    name: "systemnote",
    yields: "change",
    // One id space holds clients, people and projects; the joins say which a note is about.
    from: "systemnote n LEFT JOIN job j ON j.id = n.recordid LEFT JOIN customer c ON c.id = n.recordid LEFT JOIN employee e ON e.id = n.recordid LEFT JOIN transaction t ON t.id = n.recordid",
    where: "n.recordtypeid IN (-9, -30)",
    columns: {
      recordid: "n.recordid",
      recordtypeid: "n.recordtypeid",
      field: "n.field",
      oldvalue: "n.oldvalue",
      newvalue: "n.newvalue",
      actor: "n.name",
      actorname: "BUILTIN.DF(n.name)",
      context: "n.context",
      job: "j.id",
      customer: "c.id",
      employee: "e.id",
      transactiontype: "t.type",
    },
    stamp: "n.date",
    keys: [
      { alias: "recordid", type: "number" },
      { alias: "field", type: "text" },
    ],
    nativeId: noteId,
    deletes: "never",
    map: mapping((f) => {
      const entity = entityOf(f);
      if (entity === null) return { records: [], changes: [] };
      const vendorField = f.required("field");
      const known = s.changeFields[vendorField];
      const field =
        known !== undefined && known in ENTITY_SCHEMAS[entity].shape ? known : `raw:${vendorField}`;
      const actor = f.text("actorname") || f.text("actor");
      const change: MappedChange = {
        entity,
        nativeId: f.required("recordid"),
        changeId: noteId(f.all),
        field,
        oldValue: shown(f.text("oldvalue"), field, s),
        newValue: shown(f.text("newvalue"), field, s),
        actor,
        actorKind:
          actor === ""
            ? "unknown"
            : integrations.has(f.text("actor")) || contexts.has(f.text("context"))
              ? "integration"
              : "person",
        changedAt: tenant.instant(f, STAMP),
      };
      return { records: [], changes: [change] };
    }),
  });
}

/** Which record a note is about; null for kinds of entity nothing is kept of (vendors, contacts). */
function entityOf(f: Fields): Entity | null {
  if (f.text("recordtypeid") === "-30") {
    const type = f.text("transactiontype");
    return type === "CustInvc" ? "invoice" : type === "ExpRept" ? "expense" : null;
  }
  if (f.text("job") !== "") return "project";
  if (f.text("customer") !== "") return "customer";
  return f.text("employee") !== "" ? "resource" : null;
}

/** A note's identity: everything it says. Two that say the same in the same second are one. */
function noteId(row: Row): string {
  return stableId("systemnote", String(row[STAMP] ?? ""), ...COLUMNS.map((c) => String(row[c] ?? "")));
}

/** Notes hold what people see: dates in the account's format. */
function shown(text: string, field: string, s: NetSuiteSettings): string {
  if (!field.endsWith("_on") || s.dateFormat === "YYYY-MM-DD") return text;
  const m = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (!m) return text;
  const [month, day] = s.dateFormat === "MM/DD/YYYY" ? [m[1], m[2]] : [m[2], m[1]];
  const date = `${m[3]}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}`;
  return isDate(date) ? date : text;
}
