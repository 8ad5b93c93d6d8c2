import type { Runbooks } from "./runbook.ts";

export const RATE_RUNBOOKS: Runbooks = {
  "RAT-01": {
    steps: [
      "Check in the signed contract that the role, currency and dates are priced.",
      "Have the line entered in the system that lacks it, with the contract's first and last day.",
      "Time recorded before then is rated again once it is there.",
    ],
    perThousand: 5,
  },
  "RAT-02": {
    steps: [
      "Check which rate was signed for these dates, amendments included.",
      "Push the contract's rate from here, or have it corrected. It applies to what is not invoiced yet.",
      "For invoices already sent, finance decides between a credit note and an additional invoice.",
    ],
    perThousand: 5,
  },
  "RAT-03": {
    steps: [
      "Find out whether the rates were extended, or work went on without an agreement.",
      "With an amendment: have the dates entered. Without: have the client asked, and hold the invoice for those days.",
    ],
    perThousand: 10,
  },
  "RAT-04": {
    steps: [
      "Find the amendment that was meant to replace the earlier line.",
      "End the earlier line the day before the later one begins.",
    ],
    perThousand: 5,
  },
  "RAT-05": {
    steps: [
      "Compare the project's region and company with those of the card.",
      "Have the right card linked before the next invoice run, and rate unbilled time again.",
    ],
    perThousand: 5,
  },
  "RAT-06": {
    steps: [
      "Read the currency in the contract.",
      "Correct card or project while nothing is invoiced; afterwards only finance can, with the client's agreement.",
    ],
    perThousand: 2,
  },
  "RAT-07": {
    steps: [
      "Read discount, uplift and the day they begin in the contract.",
      "Have the rates entered with them. A rise by an index needs its published figure as evidence.",
    ],
    perThousand: 5,
  },
};
