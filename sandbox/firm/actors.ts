/** Who does things in the two systems: the users their change logs name. */
import type { VendorStore } from "../vendor-store.ts";
import type { Person } from "./model.ts";
import { idOf, type VendorIds } from "./replay.ts";

const OFFICE = {
  sales: "Sales Operations",
  legal: "Contract Desk",
  delivery: "Delivery Office",
  staffing: "Resource Desk",
  billing: "Billing Desk",
} as const;

export type Desk = keyof typeof OFFICE;

/** Gives the back office and everyone who books time a Salesforce user; ids under `user:<desk>` and `user:<person>`. */
export function createUsers(
  people: readonly Person[],
  store: VendorStore,
  ids: Map<string, string>,
  at: number,
): void {
  const [first] = store.rows("User");
  const by = String(first?.Id ?? "");
  const create = (own: string, name: string, employeeNo: string | null) => {
    const username = `${name.toLowerCase().replaceAll(" ", ".")}@acme-ps.example`;
    const fields = {
      Name: name,
      Username: username,
      Email: username,
      EmployeeNumber: employeeNo,
      IsActive: true,
    };
    ids.set(`user:${own}`, store.write("User", null, fields, { at, by }));
  };
  for (const [desk, name] of Object.entries(OFFICE)) create(desk, name, null);
  for (const p of people) create(p.id, `${p.firstName} ${p.lastName}`, p.employeeNo);
}

/** The Salesforce user of a desk or of a person (by the firm's own id). */
export function userOf(ids: VendorIds, who: Desk | (string & {})): string {
  return idOf(ids, `user:${who}`);
}

/** What NetSuite's change log shows for the integration, and for an accountant working by hand. */
export const NETSUITE_INTEGRATION = "-5";
export const NETSUITE_ACCOUNTANT_ID = "9001";
