/** Clients and people: customer, employee. Their external ids are the ids all systems agree on. */
import { mapping } from "../payload.ts";
import type { Account } from "./client.ts";
import type { NetSuiteSettings } from "./settings.ts";
import { dateText, tableStream } from "./table-stream.ts";
import { externalKey, type Tenant } from "./tenant.ts";

const BY_ID = [{ alias: "id", type: "number" }] as const;

export function customerStream(account: Account, tenant: Tenant, s: NetSuiteSettings) {
  const { creditHoldField: hold, taxNumberField: tax } = s;
  return tableStream(account, {
    name: "customer",
    yields: "customer",
    from: "customer t LEFT JOIN currency c ON c.id = t.currency",
    columns: {
      id: "t.id",
      externalid: "t.externalid",
      entityid: "t.entityid",
      companyname: "t.companyname",
      subsidiary: "t.subsidiary",
      currency: "c.symbol",
      billingratecard: "t.billingratecard",
      parent: "t.parent",
      terms: "BUILTIN.DF(t.terms)",
      ...(hold === null ? {} : { [hold]: `t.${hold}` }),
      ...(tax === null ? {} : { [tax]: `t.${tax}` }),
      isinactive: "t.isinactive",
    },
    stamp: "t.lastmodifieddate",
    keys: BY_ID,
    map: mapping((f) => [
      {
        entity: "customer",
        nativeId: f.required("id"),
        key: externalKey(f),
        data: {
          name: f.text("companyname") || f.text("entityid"),
          legal_entity: tenant.legalEntity(f.text("subsidiary")),
          currency: f.text("currency"),
          is_active: !f.flag("isinactive"),
          rate_card_ref: f.text("billingratecard"),
          parent_ref: f.text("parent"),
          tax_number: tax === null ? "" : f.text(tax),
          payment_terms: f.text("terms"),
          is_on_hold: hold !== null && s.creditHoldValues.includes(f.text(hold)),
        },
      },
    ]),
  });
}

export function employeeStream(account: Account, tenant: Tenant) {
  return tableStream(account, {
    name: "employee",
    yields: "resource",
    from: "employee t LEFT JOIN currency c ON c.id = t.currency",
    columns: {
      id: "t.id",
      externalid: "t.externalid",
      entityid: "t.entityid",
      firstname: "t.firstname",
      lastname: "t.lastname",
      billingclass: "BUILTIN.DF(t.billingclass)",
      laborcost: "t.laborcost",
      releasedate: dateText("t.releasedate"),
      currency: "c.symbol",
      subsidiary: "t.subsidiary",
      isinactive: "t.isinactive",
    },
    stamp: "t.lastmodifieddate",
    keys: BY_ID,
    map: mapping((f) => {
      const number = externalKey(f);
      const name = `${f.text("firstname")} ${f.text("lastname")}`.trim();
      return [
        {
          entity: "resource",
          nativeId: f.required("id"),
          key: number,
          data: {
            employee_no: number ?? "",
            name: name || f.text("entityid"),
            role_name: f.text("billingclass"),
            is_active: !f.flag("isinactive"),
            cost_rate: f.decimal("laborcost"),
            currency: f.text("currency"),
            legal_entity: tenant.legalEntity(f.text("subsidiary")),
            left_on: f.date("releasedate"),
          },
        },
      ];
    }),
  });
}
