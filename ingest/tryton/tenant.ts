/** What mapping needs besides the record: the firm's names for its legal entities. */
import type { SourceConfig } from "#core/config";

export interface Tenant {
  /** The firm's code for a company's id; the id itself when the configuration names none. */
  legalEntity(company: string): string;
}

export function tenantOf(source: SourceConfig): Tenant {
  return { legalEntity: (company) => source.legalEntities[company] ?? company };
}
