/** What this vendor does not hold at all, so that nothing is concluded from its being empty; and where it keeps the ids of others. */
import type { Entity } from "#core/entities";
import type { Role } from "#core/roles";
import type { Source } from "../connector.ts";
import type { TrytonSettings } from "./settings.ts";

export type Lacks = Partial<Record<Entity, readonly string[]>>;

export function lacksOf(role: Role, s: TrytonSettings): Lacks {
  const customer = ["legal_entity", "currency", ...(role === "erp" && s.priceLists ? [] : ["rate_card_ref"])];
  if (role === "crm") return { customer, contract: ["amends_ref", "end_on"], rate_line: ["effective_to"] };
  return {
    customer,
    project: [
      "opportunity_ref",
      "manager",
      "start_on",
      "end_on",
      ...(s.projectInvoicing ? [] : ["billing_type"]),
    ],
    resource: ["role_name", ...(s.costPrices ? [] : ["cost_rate"])],
    ...(s.allocations ? { assignment: ["role_name", "hours", "bill_rate"] } : {}),
    ...(s.priceLists || s.projectPrices ? { rate_line: ["effective_from", "effective_to"] } : {}),
    time_entry: ["assignment_ref", "bill_rate", "currency", ...(s.projectInvoicing ? [] : ["is_invoiced"])],
    ...(s.invoices ? { invoice: ["project_ref"] } : {}),
    // A line that bills several lines of time names none of them, so that a missing name says nothing.
    ...(s.invoices ? { invoice_line: [...(s.projectInvoicing ? [] : ["project_ref"]), "time_ref"] } : {}),
  };
}

/** Where a party, a piece of work and a line of time carry the key that other systems know them by. */
export function keyFieldsOf(s: TrytonSettings): NonNullable<Source["keyFields"]> {
  const work = `${s.link.field}, written as "${s.link.write}"`;
  return {
    customer: "code of the party",
    resource: "code of the employee's party",
    project: work,
    task: work,
    time_entry: `uuid, as "${s.timeUuidPrefix}" and the key (by the integration that posts time)`,
  };
}
