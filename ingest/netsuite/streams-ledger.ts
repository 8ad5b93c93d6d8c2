/** Documents of the ledger: invoices, their lines, and expense reports. Income lines are credits and come with a minus sign. */
import { abs, subtract } from "#core/decimal";
import { type Fields, mapping, reject } from "../payload.ts";
import type { Account } from "./client.ts";
import type { NetSuiteSettings } from "./settings.ts";
import { dateText, tableStream } from "./table-stream.ts";
import { externalKey, type Tenant } from "./tenant.ts";

export function invoiceStream(account: Account, tenant: Tenant) {
  return tableStream(account, {
    name: "invoice",
    yields: "invoice",
    from: "transaction t LEFT JOIN transactionline m ON m.transaction = t.id AND m.mainline = 'T' LEFT JOIN job j ON j.id = t.entity LEFT JOIN currency c ON c.id = t.currency",
    where: "t.type = 'CustInvc'",
    columns: {
      id: "t.id",
      externalid: "t.externalid",
      tranid: "t.tranid",
      entity: "t.entity",
      job: "j.id",
      jobcustomer: "j.customer",
      status: "BUILTIN.DF(t.status)",
      voided: "t.voided",
      trandate: dateText("t.trandate"),
      foreigntotal: "t.foreigntotal",
      currency: "c.symbol",
      subsidiary: "m.subsidiary",
    },
    stamp: "t.lastmodifieddate",
    keys: [{ alias: "id", type: "number" }],
    map: mapping((f) => {
      const id = f.required("id");
      return [
        {
          entity: "invoice",
          nativeId: id,
          key: externalKey(f) ?? id,
          data: {
            number: f.text("tranid"),
            customer_ref: f.text("jobcustomer") || f.text("entity"),
            project_ref: f.text("job"),
            status: f.text("status"),
            is_released: !f.flag("voided"),
            issued_on: f.date("trandate"),
            total: amount(f, "foreigntotal"),
            currency: f.text("currency"),
            legal_entity: tenant.legalEntity(f.text("subsidiary")),
          },
        },
      ];
    }),
  });
}

export function invoiceLineStream(account: Account, s: NetSuiteSettings) {
  const link: Record<string, string> =
    s.timeLinkField === null ? {} : { [s.timeLinkField]: `l.${s.timeLinkField}` };
  return tableStream(account, {
    name: "invoiceline",
    yields: "invoice_line",
    from: "transactionline l INNER JOIN transaction t ON t.id = l.transaction LEFT JOIN job j ON j.id = l.entity LEFT JOIN currency c ON c.id = t.currency",
    where: "t.type = 'CustInvc' AND l.mainline = 'F'",
    columns: {
      transaction: "l.transaction",
      line: "l.id",
      job: "j.id",
      ...link,
      memo: "l.memo",
      quantity: "l.quantity",
      rate: "l.rate",
      foreignamount: "l.foreignamount",
      currency: "c.symbol",
    },
    // A line is written whenever its invoice is, and the invoice's stamp is the one that is sure to move.
    stamp: "t.lastmodifieddate",
    keys: [
      { alias: "transaction", type: "number" },
      { alias: "line", type: "number" },
    ],
    map: mapping((f) => {
      const invoice = f.required("transaction");
      const timeLine = s.timeLinkField === null ? "" : f.text(s.timeLinkField);
      return [
        {
          entity: "invoice_line",
          nativeId: `${invoice}:${f.required("line")}`,
          key: `${invoice}:${f.required("line")}`,
          ...(timeLine === "" ? {} : { keys: { time_key: timeLine } }),
          data: {
            invoice_ref: invoice,
            project_ref: f.text("job"),
            time_ref: timeLine,
            description: f.text("memo"),
            hours: abs(f.decimal("quantity") ?? "0"),
            rate: f.decimal("rate"),
            amount: subtract("0", amount(f, "foreignamount")),
            currency: f.text("currency"),
          },
        },
      ];
    }),
  });
}

export function expenseStream(account: Account) {
  return tableStream(account, {
    name: "expensereport",
    yields: "expense",
    from: "transaction t LEFT JOIN currency c ON c.id = t.currency",
    where: "t.type = 'ExpRept'",
    columns: {
      id: "t.id",
      externalid: "t.externalid",
      entity: "t.entity",
      trandate: dateText("t.trandate"),
      foreigntotal: "t.foreigntotal",
      status: "BUILTIN.DF(t.status)",
      currency: "c.symbol",
    },
    stamp: "t.lastmodifieddate",
    keys: [{ alias: "id", type: "number" }],
    map: mapping((f) => [
      {
        entity: "expense",
        nativeId: f.required("id"),
        key: externalKey(f),
        data: {
          // A report's lines may be for several projects; the report itself is for none.
          project_ref: "",
          resource_ref: f.text("entity"),
          incurred_on: f.date("trandate"),
          amount: abs(amount(f, "foreigntotal")),
          currency: f.text("currency"),
          is_billable: false,
          status: f.text("status"),
          is_approved: /Approved by Accounting|Paid In Full/.test(f.text("status")),
        },
      },
    ]),
  });
}

function amount(f: Fields, name: string): string {
  return f.decimal(name) ?? reject("bad-number", `${name} is empty.`);
}
