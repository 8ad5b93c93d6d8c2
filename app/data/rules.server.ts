/** The rules: a list of them with what stands under each, and one in full. */
import { ruleDetail, ruleList } from "#reconcile/governance/describe";
import type { Visit } from "../auth/guard.server.ts";

export async function rulesPage({ services }: Visit) {
  return { rules: await ruleList(services), currency: services.config.reporting.currency };
}
export type RulesPage = Awaited<ReturnType<typeof rulesPage>>;

export async function rulePage({ services }: Visit, id: string) {
  return { rule: await ruleDetail(services, id), currency: services.config.reporting.currency };
}
export type RulePage = Awaited<ReturnType<typeof rulePage>>;
