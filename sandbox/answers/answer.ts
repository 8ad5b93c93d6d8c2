/**
 * The second opinion: each rule worked out in plain TypeScript over the two vendors' rows, sharing nothing with the product. What
 * an evaluator gives is exactly what must be open: what was planted for the rule and whatever other faults bring with them.
 */
import type { Books } from "../faults/books.ts";
import type { SeededStores } from "../faults/planting.ts";
import type { PlantedFault } from "../faults/truth.ts";
import type { Firm } from "../firm/model.ts";

/** What an evaluator looks at, as it stands once everything is planted. */
export interface Evidence {
  firm: Firm;
  stores: SeededStores;
  books: Books;
}

/** One exception that must be open; `push` and `story` are the planter's to tell. */
export type Answer = Omit<PlantedFault, "push" | "story">;

export type Evaluate = (evidence: Evidence) => readonly Answer[];
