/** What people need to know about a rule beyond what the engine does with it. Keyed by rule id, so that a rule's file stays short. */

/**
 * `data`: the systems disagree, and correcting a record lifts the block. `commercial`: somebody decided to hold (a credit hold, an
 * unsigned extension), and only whoever decides such things lifts it.
 */
export type Hold = "data" | "commercial";

export interface Runbook {
  /** What a person does, in order. */
  steps: readonly string[];
  /** `data` when left out. */
  hold?: Hold;
  /** Failing keys in a thousand that a firm in good order may have; far more says that the rule or a link is wrong, not the data. */
  perThousand?: number;
}

export type Runbooks = Readonly<Record<string, Runbook>>;
