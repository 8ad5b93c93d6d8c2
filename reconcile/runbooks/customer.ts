import type { Runbooks } from "./runbook.ts";

export const CUSTOMER_RUNBOOKS: Runbooks = {
  "CUS-01": {
    steps: [
      "Look in the ERP for the client under another name or tax number before anything is created.",
      "When it is there, enter the CRM's id on it. When it is not, have finance check credit and tax, and create it under the CRM's id.",
      "Let the next run see it: the exception resolves by itself, and with it what hung on the client.",
    ],
    perThousand: 5,
  },
  "CUS-02": {
    steps: [
      "Compare both records: tax number, address, open invoices, parent.",
      "Decide with finance which one stays. A merge moves ledger history and cannot be taken back.",
      "Move the links of the CRM and the PSA to the one that stays, then make the other inactive.",
    ],
    perThousand: 10,
  },
  "CUS-03": {
    steps: [
      "Read in the contract which of the firm's companies signed.",
      "Have that company added to the customer in the ERP; the customer's primary company stays as it is.",
    ],
    perThousand: 5,
  },
  "CUS-04": {
    steps: [
      "Ask the client for the registration in writing, where the two systems differ in more than how it is written.",
      "Have the tax owner enter it in the ERP and check open invoices for the wrong rate.",
    ],
    perThousand: 10,
  },
  "CUS-05": {
    steps: [
      "Read terms and currency in the signed contract.",
      "Where nothing has been invoiced, set the ERP to them. Afterwards agree a change with finance and the client.",
    ],
    perThousand: 15,
  },
  "CUS-06": {
    steps: [
      "Ask credit control why the customer is on hold or inactive.",
      "A deliberate hold stays until credit control lifts it: tell the project manager that work goes on at the firm's risk.",
      "When nobody knows of one, have finance make the customer active again.",
    ],
    hold: "commercial",
    perThousand: 5,
  },
  "CUS-07": {
    steps: [
      "Find out which parent the client's legal structure and the agreed bill-to name.",
      "Set the ERP's parent while no consolidated invoice is open; otherwise after it is closed.",
    ],
    perThousand: 15,
  },
  "CUS-08": {
    steps: [
      "Check the legal name in the contract or the register.",
      "Correct the system that has it wrong; invoices already sent keep the name they were sent under.",
    ],
    perThousand: 20,
  },
};
