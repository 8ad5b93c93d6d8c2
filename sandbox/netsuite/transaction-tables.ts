/** `transaction` and `transactionline`: invoices and expense reports in the shape SuiteQL gives them. */
import { subtract } from "#core/decimal";
import type { Row } from "../vendor-store.ts";
import type { Account, Entry, View } from "./account.ts";
import { idOf, linesOf, mapped, type Plain, type Value } from "./suiteql-value.ts";
import { wallOfDate } from "./zone.ts";

const ENTITY = { refers: ["job", "customer", "employee"] };

export const TRANSACTION: Plain = {
  id: "id",
  type: { displayedAs: "typeName" },
  recordtype: "text",
  tranid: "text",
  trandate: "time",
  duedate: "time",
  entity: ENTITY,
  currency: { refers: ["currency"] },
  postingperiod: { refers: ["accountingPeriod"] },
  status: { displayedAs: "statusName" },
  foreigntotal: "number",
  foreignamountunpaid: "number",
  memo: "text",
  otherrefnum: "text",
  externalid: "text",
  voided: "text",
  createddate: "time",
  lastmodifieddate: "time",
};

export const TRANSACTION_LINE: Plain = {
  transaction: "id",
  id: "id",
  linesequencenumber: "id",
  uniquekey: "id",
  mainline: "text",
  item: { refers: ["item"] },
  quantity: "number",
  rate: "number",
  foreignamount: "number",
  netamount: "number",
  memo: "text",
  entity: ENTITY,
  subsidiary: { refers: ["subsidiary"] },
  billingclass: { refers: ["billingClass"] },
  expensecategory: "text",
  isbillable: "text",
  custcol_psa_time_id: "text",
  custcol_psa_milestone_id: "text",
  custcol_psa_expense_id: "text",
  linelastmodifieddate: "time",
};

const STATUS_LETTERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  invoice: { Open: "A", "Paid In Full": "B", Voided: "V" },
  expenseReport: {
    "In Progress": "A",
    "Pending Supervisor Approval": "B",
    "Pending Accounting Approval": "C",
    "Approved by Accounting": "F",
    "Paid In Full": "I",
    Rejected: "D",
  },
};

const TRANSACTION_TYPES = [
  { name: "invoice", code: "CustInvc", title: "Invoice" },
  { name: "expenseReport", code: "ExpRept", title: "Expense Report" },
] as const;

export function transactions(account: Account, view: View): Entry[] {
  return TRANSACTION_TYPES.flatMap(({ name, code, title }) =>
    view.entries(name).map(({ row, num, modified }) => ({
      num,
      modified,
      row: {
        id: num,
        type: code,
        typeName: title,
        recordtype: name.toLowerCase(),
        tranid: row.tranId,
        trandate: mapped(row.tranDate, (v) => wallOfDate(String(v))),
        duedate: mapped(row.dueDate, (v) => wallOfDate(String(v))),
        entity: idOf(row.entity),
        currency: idOf(row.currency),
        postingperiod: idOf(row.postingPeriod),
        status: mapped(row.status, (v) => STATUS_LETTERS[name]?.[String(v)] ?? String(v)),
        statusName: mapped(row.status, (v) => `${title} : ${String(v)}`),
        foreigntotal: row.total,
        foreignamountunpaid: row.amountRemaining,
        memo: row.memo,
        otherrefnum: row.otherRefNum,
        externalid: row.externalId,
        voided: row.status === "Voided" ? "T" : "F",
        createddate: mapped(row.createdDate, (v) => account.zone.wallOf(Number(v))),
        lastmodifieddate: modified,
      },
    })),
  );
}

/**
 * One main line per transaction, then its own lines. An invoice's lines carry the sign of the account they post to: income
 * is a credit, so amounts and quantities are negative there while the main line is positive.
 */
export function transactionLines(view: View): Entry[] {
  const out: Entry[] = [];
  for (const { name } of TRANSACTION_TYPES) {
    const sign = (v: unknown) => (name === "invoice" ? negative(v) : mapped(v, String));
    for (const { row, num, modified } of view.entries(name)) {
      const shared = { transaction: num, subsidiary: idOf(row.subsidiary), linelastmodifieddate: modified };
      const add = (n: number, rest: Row) =>
        out.push({
          num: n,
          modified,
          row: { ...shared, id: n, linesequencenumber: n, uniquekey: num * 10_000 + n, ...rest },
        });
      const total = name === "invoice" ? mapped(row.total, String) : negative(row.total);
      add(0, {
        mainline: "T",
        entity: idOf(row.entity),
        foreignamount: total,
        netamount: total,
        memo: row.memo,
      });
      for (const [i, line] of linesOf(row).entries()) {
        add(i + 1, {
          mainline: "F",
          item: idOf(line.item),
          quantity: sign(line.quantity),
          rate: mapped(line.rate, String),
          foreignamount: sign(line.amount),
          netamount: sign(line.amount),
          memo: line.description ?? line.memo,
          entity: idOf(line.job ?? line.customer ?? row.entity),
          billingclass: idOf(line.billingClass),
          expensecategory: line.category,
          isbillable: line.isBillable === true ? "T" : "F",
          custcol_psa_time_id: line.custcol_psa_time_id,
          custcol_psa_milestone_id: line.custcol_psa_milestone_id,
          custcol_psa_expense_id: line.custcol_psa_expense_id,
        });
      }
    }
  }
  return out;
}

const negative = (value: unknown): Value => mapped(value, (v) => subtract("0", String(v)));
