/** The answers of the gates: who changed by hand, in the last week, what another system is right about. */
import { NETSUITE_INTEGRATION } from "../firm/actors.ts";
import { DAY } from "../firm/calendar.ts";
import type { Row, VendorStore } from "../vendor-store.ts";
import type { Answer, Evidence } from "./answer.ts";

/** What NetSuite's notes call the fields that are compared and that it is not right about. */
const NETSUITE_FIELDS: Readonly<Record<"job" | "customer" | "employee", Readonly<Record<string, string>>>> = {
  job: {
    "ENTITY.SENTITYID": "project|code",
    "ENTITY.DSTARTDATE": "project|start_on",
    "ENTITY.DPROJECTEDENDDATE": "project|end_on",
  },
  customer: { "ENTITY.SCOMPANYNAME": "customer|name" },
  employee: { "ENTITY.KBILLINGCLASS": "resource|role_name" },
};
/** The same for the PSA, whose rates are the contract's. */
const CERTINIA_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pse__Rate_Card__History: { pse__Suggested_Bill_Rate__c: "rate_line|rate" },
  pse__Assignment__History: { pse__Bill_Rate__c: "assignment|bill_rate" },
};

function writtenByHand({ firm, stores }: Evidence): Answer[] {
  const since = firm.asOf - 7 * DAY;
  const keys = new Set<string>();
  for (const note of stores.netsuite.notes.notes()) {
    const id = String(note.recordId);
    const type = (["job", "customer", "employee"] as const).find((t) => stores.netsuite.get(t, id));
    const field = type && NETSUITE_FIELDS[type][note.field];
    if (!field || !note.oldValue || note.visibleAt <= since || note.name === NETSUITE_INTEGRATION) continue;
    keys.add(`netsuite|${field}|${nameOf(stores.netsuite, note.name)}`);
  }
  for (const [object, fields] of Object.entries(CERTINIA_FIELDS))
    for (const row of stores.salesforce.rows(object)) {
      const field = fields[String(row.Field)];
      if (!field || isBlank(row, "OldValue") || Number(row.CreatedDate) <= since) continue;
      keys.add(`certinia|${field}|${String(row.CreatedById)}`);
    }
  return [...keys].map((key) => ({
    rule: "SYS-04",
    comparison: "",
    key,
    kind: "mismatch",
    fields: [],
    money: null,
  }));
}

const isBlank = (row: Row, field: string) =>
  row[field] === null || row[field] === undefined || row[field] === "";

/** What NetSuite shows for a user: the employee's name. */
function nameOf(netsuite: VendorStore, user: string): string {
  const employee = netsuite.get("employee", user);
  return String(employee?.entityId ?? user);
}

export const SYSTEM_ANSWERS = [writtenByHand];
