import type { Runbooks } from "./runbook.ts";

export const CONTRACT_RUNBOOKS: Runbooks = {
  "OPP-01": {
    steps: [
      "Check that the deal is signed and has a start date.",
      "Have the PMO open the project from the opportunity, so that it carries its id.",
    ],
    perThousand: 20,
  },
  "OPP-02": {
    steps: [
      "Read the value in the signed contract and its amendments.",
      "Have sales correct the opportunity; where a closed forecast locks it, note the difference there.",
    ],
    perThousand: 30,
  },
  "OPP-03": {
    steps: [
      "Ask the account owner whether the client has stopped the work.",
      "If it has, have delivery stop booking and agree what is paid for the work since. If not, have sales correct the stage.",
    ],
    hold: "commercial",
    perThousand: 5,
  },
  "CON-01": {
    steps: [
      "Check that the contract is signed by both sides.",
      "Have the PMO open the project and finance set up billing from the contract's terms.",
    ],
    perThousand: 10,
  },
  "CON-02": {
    steps: [
      "Read in the contract how the work is billed.",
      "Set the project to it while nothing is invoiced. Once something is, finance decides between a credit note and a change of contract.",
    ],
    perThousand: 5,
  },
  "CON-03": {
    steps: [
      "Ask the account owner for the signed extension.",
      "With one: have the new end entered from it. Without: stop further booking and have the client asked for one.",
      "Never move the end date to make the exception go away: without paper the work cannot be invoiced.",
    ],
    hold: "commercial",
    perThousand: 10,
  },
  "CON-04": {
    steps: [
      "Tell the project manager how much is left, or by how much it is exceeded.",
      "Have a change order signed and its amount entered, or agree with the client what stays unbilled.",
    ],
    hold: "commercial",
    perThousand: 10,
  },
  "CON-05": {
    steps: [
      "Read which terms the amendment changes, and from when.",
      "Bring each system to them; work already recorded since that day is rated again by finance.",
    ],
    perThousand: 10,
  },
  "CON-06": {
    steps: [
      "Lay the contract's schedule beside the ERP's.",
      "Correct lines that are not posted yet. What is posted stays, and is settled with a credit note.",
    ],
    perThousand: 10,
  },
  "CON-07": {
    steps: [
      "Ask the client for the purchase order, or for its extension.",
      "Enter number, end and amount with the document attached; the invoice waits until then.",
    ],
    hold: "commercial",
    perThousand: 20,
  },
  "CON-08": {
    steps: [
      "Look for the signed paper with sales and legal.",
      "Have it entered under the contract's number, or tell the controller what was billed without it.",
    ],
    perThousand: 10,
  },
};
