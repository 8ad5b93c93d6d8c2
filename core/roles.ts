/** Rules speak of roles, never of vendors. */
export const ROLES = ["crm", "clm", "psa", "erp", "hr", "work"] as const;
export type Role = (typeof ROLES)[number];

/** What a person calls the system in a role when no source name is at hand. */
export const ROLE_NAMES: Record<Role, string> = {
  crm: "CRM",
  clm: "Contracts",
  psa: "PSA",
  erp: "ERP",
  hr: "HR",
  work: "Work management",
};

/** One record in one system. */
export interface RecordRef {
  role: Role;
  sourceId: string;
  entity: string;
  nativeId: string;
}
