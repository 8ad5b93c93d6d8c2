/** Documents of the ledger: invoices and their lines, the lines of expense reports. Income lines are credits and come with a minus sign. */
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
      otherrefnum: "t.otherrefnum",
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
            is_void: f.flag("voided"),
            po_number: f.text("otherrefnum"),
          },
        },
      ];
    }),
  });
}

export function invoiceLineStream(account: Account, s: NetSuiteSettings) {
  const linkFields = [s.timeLinkField, s.milestoneLinkField, s.expenseLinkField];
  return tableStream(account, {
    name: "invoiceline",
    yields: "invoice_line",
    from: "transactionline l INNER JOIN transaction t ON t.id = l.transaction LEFT JOIN job j ON j.id = l.entity LEFT JOIN currency c ON c.id = t.currency",
    where: "t.type = 'CustInvc' AND l.mainline = 'F'",
    columns: {
      transaction: "l.transaction",
      line: "l.id",
      job: "j.id",
      ...linkColumns("l", linkFields),
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
      const [timeLine = "", milestone = "", expense = ""] = linkFields.map((name) =>
        name === null ? "" : f.text(name),
      );
      // The links are the PSA's own ids, which all systems agree on.
      const keys = {
        ...(timeLine === "" ? {} : { time_key: timeLine }),
        ...(milestone === "" ? {} : { milestone_key: milestone }),
        ...(expense === "" ? {} : { expense_key: expense }),
      };
      return [
        {
          entity: "invoice_line",
          nativeId: `${invoice}:${f.required("line")}`,
          key: `${invoice}:${f.required("line")}`,
          keys,
          data: {
            invoice_ref: invoice,
            project_ref: f.text("job"),
            time_ref: timeLine,
            description: f.text("memo"),
            hours: abs(f.decimal("quantity") ?? "0"),
            rate: f.decimal("rate"),
            amount: subtract("0", amount(f, "foreignamount")),
            currency: f.text("currency"),
            milestone_ref: milestone,
            expense_ref: expense,
          },
        },
      ];
    }),
  });
}

/** One record per line: a report's lines may be for several projects, and each says itself whether the client pays for it. */
export function expenseStream(account: Account, s: NetSuiteSettings) {
  return tableStream(account, {
    name: "expensereport",
    yields: "expense",
    from: "transactionline l INNER JOIN transaction t ON t.id = l.transaction LEFT JOIN job j ON j.id = l.entity LEFT JOIN currency c ON c.id = t.currency",
    where: "t.type = 'ExpRept' AND l.mainline = 'F'",
    columns: {
      transaction: "l.transaction",
      line: "l.id",
      externalid: "t.externalid",
      ...linkColumns("l", [s.expenseLinkField]),
      employee: "t.entity",
      job: "j.id",
      trandate: dateText("t.trandate"),
      foreignamount: "l.foreignamount",
      isbillable: "l.isbillable",
      category: "l.expensecategory",
      status: "BUILTIN.DF(t.status)",
      currency: "c.symbol",
    },
    // A line is written whenever its report is, and the report's stamp is the one that is sure to move.
    stamp: "t.lastmodifieddate",
    keys: [
      { alias: "transaction", type: "number" },
      { alias: "line", type: "number" },
    ],
    map: mapping((f) => {
      const linked = s.expenseLinkField === null ? null : externalKey(f, s.expenseLinkField);
      const status = f.text("status");
      return [
        {
          entity: "expense",
          nativeId: `${f.required("transaction")}:${f.required("line")}`,
          key: linked ?? externalKey(f),
          data: {
            project_ref: f.text("job"),
            resource_ref: f.text("employee"),
            incurred_on: f.date("trandate"),
            amount: abs(amount(f, "foreignamount")),
            currency: f.text("currency"),
            is_billable: f.flag("isbillable"),
            status,
            is_approved: /Approved by Accounting|Paid In Full/.test(status),
            category: f.text("category"),
          },
        },
      ];
    }),
  });
}

/** The custom columns that link a line, those the account has. */
function linkColumns(table: string, names: readonly (string | null)[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (name === null ? [] : [[name, `${table}.${name}`]])));
}

function amount(f: Fields, name: string): string {
  return f.decimal(name) ?? reject("bad-number", `${name} is empty.`);
}
