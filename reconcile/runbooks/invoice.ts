import type { Runbooks } from "./runbook.ts";

export const INVOICE_RUNBOOKS: Runbooks = {
  "INV-01": {
    steps: [
      "Look why the last run left the items out: a hold, a missing purchase order, a date after the cutoff.",
      "Add them to the next run, or agree in writing that they are not billed.",
    ],
    perThousand: 10,
  },
  "INV-02": {
    steps: [
      "Compare the line with the rate signed for the role and day.",
      "Correct the draft. For an invoice already sent, finance issues a credit note and bills again.",
    ],
    perThousand: 5,
  },
  "INV-03": {
    steps: [
      "Add up the lines with discount and tax, and look for the one that makes the difference.",
      "Correct the draft, or have finance issue a credit note.",
    ],
    perThousand: 5,
  },
  "INV-04": {
    steps: [
      "Open both invoices and the item they share.",
      "Have finance credit the later one before the client finds it.",
    ],
    perThousand: 1,
  },
  "INV-05": {
    steps: [
      "Read why the client disputes the invoice.",
      "Set the billing status in the PSA, so that nobody bills the same work again, and mend the cause.",
    ],
    perThousand: 20,
  },
  "INV-06": {
    steps: [
      "Search the ERP by number, amount and day before anything is sent again.",
      "Let the interface send it once; two invoices are worse than one that is late.",
    ],
    perThousand: 5,
  },
  "INV-07": {
    steps: [
      "Take the ERP's state as the right one: it is what the client holds.",
      "Set the PSA to it, so that the work can be billed again or counts as written off.",
    ],
    perThousand: 5,
  },
  "INV-08": {
    steps: [
      "See what the client's profile asks for and the candidate lacks.",
      "Have it entered or attached; an incomplete invoice comes back unpaid.",
    ],
    perThousand: 20,
  },
  "INV-09": {
    steps: ["Check the payment in the ERP.", "Bring the status of the other system in line."],
    perThousand: 30,
  },
};
