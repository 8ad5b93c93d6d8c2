import type { Runbooks } from "./runbook.ts";

export const EXPENSE_RUNBOOKS: Runbooks = {
  "EXP-01": {
    steps: [
      "Look in the interface's log for the line.",
      "Let the interface send it again; a closed period or a missing receipt is settled by finance first.",
    ],
    perThousand: 5,
  },
  "EXP-02": {
    steps: [
      "Take the amount and currency from the receipt, the tax from the ERP.",
      "Correct the one that is wrong while it is not posted; afterwards finance adjusts it.",
    ],
    perThousand: 10,
  },
  "EXP-03": {
    steps: [
      "Read in the contract which expenses are passed on, and with what markup.",
      "Correct the line before it is invoiced.",
    ],
    perThousand: 10,
  },
  "EXP-04": {
    steps: [
      "Compare the supplier's bill with the hours it stands for.",
      "Dispute the bill, or have the missing hours recorded; finance accrues the rest.",
    ],
    perThousand: 30,
  },
};

export const MILESTONE_RUNBOOKS: Runbooks = {
  "MIL-01": {
    steps: [
      "Check the client's signed acceptance: without it nothing is billed.",
      "Have the milestone made ready to bill in the ERP under its number.",
    ],
    perThousand: 10,
  },
  "MIL-02": {
    steps: [
      "Ask the project manager whether the sign-off was sent, and when.",
      "Where the contract counts silence as acceptance, record it with that clause after its days have passed.",
    ],
    hold: "commercial",
    perThousand: 30,
  },
  "MIL-03": {
    steps: [
      "Read amount, day and share in the contract and its amendments.",
      "Correct the system that differs while the milestone is not invoiced.",
    ],
    perThousand: 10,
  },
  "MIL-04": {
    steps: [
      "Ask the project manager for the acceptance.",
      "With one: record it. Without: the controller decides about a credit note before the client asks.",
    ],
    perThousand: 5,
  },
};
