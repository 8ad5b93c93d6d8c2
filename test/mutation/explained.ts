/** Mutations that leave what Plumbline says as it is, so that no test can notice them, and why. By "rule what". */
import type { Mutation } from "./mutations.ts";

const DISTANCE = "What is at stake is how far the two sides are apart, whichever is which.";

const EXPLAINED: Readonly<Record<string, string>> = {
  "OPP-01 deleted records count (side_psa_sale_project)":
    "A deleted sale is not on the other side, and no rule says anything of a project's sale that is not.",
  "OPP-02 deleted records count (side_crm_sold_contract)":
    "The deleted sale of a contract is not on the other side, and no rule says anything of a contract without a sale there.",
  "RAT-02 sides swapped (project-prices)": DISTANCE,
  "ASG-04 sides swapped (assignment-rates)": DISTANCE,
  "INV-02 sides swapped (invoice-rates)": DISTANCE,
  "INV-03 sides swapped (invoice-totals)": DISTANCE,
};

/** Why nothing can notice it; '' when something must. */
export function explanationOf({ rule, what }: Pick<Mutation, "rule" | "what">): string {
  return EXPLAINED[`${rule} ${what}`] ?? "";
}

/** The names of all that are explained, for the test that none of them is gone. */
export const EXPLAINED_NAMES: readonly string[] = Object.keys(EXPLAINED);
