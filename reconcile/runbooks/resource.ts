import type { Runbooks } from "./runbook.ts";

export const RESOURCE_RUNBOOKS: Runbooks = {
  "RES-01": {
    steps: [
      "Look for the person under another address or an old number.",
      "Enter the employee number there, or have the person set up from the personnel record.",
    ],
    perThousand: 10,
  },
  "RES-02": {
    steps: [
      "Ask the person's manager which grade is in force, and from when.",
      "Correct the other system. Where a billed rate changes with it, the project manager agrees first.",
    ],
    perThousand: 20,
  },
  "RES-03": {
    steps: [
      "Take the cost rate from payroll, or from the supplier's contract.",
      "Correct the PSA from the day on which it holds; periods that are closed stay as they are.",
    ],
    perThousand: 20,
  },
  "RES-04": {
    steps: [
      "Check the last day with the personnel department.",
      "End the assignments on it. Time after it is looked at line by line with the project manager; it is not billed until explained.",
    ],
    perThousand: 5,
  },
  "RES-05": {
    steps: [
      "Ask procurement for the supplier record and the purchase order.",
      "Link the person to them; until then finance accrues the cost by hand.",
    ],
    perThousand: 20,
  },
};

export const ASSIGNMENT_RUNBOOKS: Runbooks = {
  "ASG-01": {
    steps: [
      "Check that the project and the person are in the ERP: without them the assignment cannot be.",
      "Have it created under the PSA's id, with the same dates and share.",
    ],
    perThousand: 10,
  },
  "ASG-02": {
    steps: [
      "Ask resource management whether the booking was withdrawn.",
      "Make it inactive in the ERP, unless time was posted on it after all.",
    ],
    perThousand: 20,
  },
  "ASG-03": {
    steps: [
      "Ask the resource manager which dates and share people work to.",
      "Push them from here, or correct the other system.",
    ],
    perThousand: 40,
  },
  "ASG-04": {
    steps: [
      "Read the rate that was signed for the role on these dates.",
      "Correct the booking for hours to come. Hours already recorded at the wrong rate are rated again by finance.",
      "Where the booking is right, the rate card lacks an agreed exception: have it signed.",
    ],
    perThousand: 10,
  },
  "ASG-05": {
    steps: [
      "Show the project manager plan and budget side by side.",
      "Reduce the plan, or have the budget raised by whoever answers for it.",
    ],
    hold: "commercial",
    perThousand: 20,
  },
  "ASG-06": {
    steps: [
      "Ask the project manager whether the work was agreed.",
      "If it was, have the assignment extended to cover it. If not, the person moves the time to where it belongs.",
    ],
    perThousand: 20,
  },
  "ASG-07": {
    steps: [
      "Lay the person's bookings of these days side by side.",
      "Have the resource manager decide which one gives way.",
    ],
    perThousand: 50,
  },
  "ASG-08": {
    steps: [
      "Check with the person's manager what they really work on.",
      "Correct the tool that shows them as free.",
    ],
    perThousand: 30,
  },
};
