/**
 * Charges that bill a milestone: actual ones that come from no time entry. A charge names the milestone by its external id, waits on
 * hold until the work is accepted, and names its invoice once it is billed.
 */
import { mapping, reject } from "../payload.ts";
import type { Account } from "./client.ts";
import { dateText, tableStream } from "./table-stream.ts";
import { externalKey } from "./tenant.ts";

const READY = "READY_FOR_BILLING";

export function milestoneStream(account: Account) {
  return tableStream(account, {
    name: "charge",
    yields: "milestone",
    from: "charge t LEFT JOIN job j ON j.id = t.billto LEFT JOIN currency c ON c.id = j.currency",
    where: "t.use = 'Actual' AND t.timerecord IS NULL",
    columns: {
      id: "t.id",
      externalid: "t.externalid",
      billto: "t.billto",
      description: "t.description",
      amount: "t.amount",
      chargedate: dateText("t.chargedate"),
      stage: "t.stage",
      invoice: "t.invoice",
      currency: "c.symbol",
    },
    stamp: "t.lastmodifieddate",
    keys: [{ alias: "id", type: "number" }],
    map: mapping((f) => {
      const stage = f.text("stage");
      return [
        {
          entity: "milestone",
          nativeId: f.required("id"),
          key: externalKey(f),
          data: {
            project_ref: f.text("billto"),
            name: f.text("description"),
            amount: f.decimal("amount") ?? reject("bad-number", "amount is empty."),
            currency: f.text("currency"),
            due_on: f.date("chargedate"),
            status: stage,
            is_accepted: stage === READY || f.text("invoice") !== "",
            is_invoiced: f.text("invoice") !== "",
          },
        },
      ];
    }),
  });
}
