import type { Runbooks } from "./runbook.ts";

export const TIME_RUNBOOKS: Runbooks = {
  "TIM-01": {
    steps: [
      "Look in the interface's log for the line: it may be queued, or refused with a reason.",
      "Let the interface send it again. Push it from here only when the interface knows nothing of it.",
      "When many lines of one project wait, look for what they share: a task, a person, a closed period.",
    ],
    perThousand: 2,
  },
  "TIM-02": {
    steps: [
      "Look in the PSA's history when the approval was given and taken back.",
      "Ask the project manager whether the hours are right. If so, they are approved again; if not, finance reverses the posting.",
      "Nothing is deleted in the ledger.",
    ],
    perThousand: 1,
  },
  "TIM-03": {
    steps: [
      "Compare both lines with what the person meant: the history of each says who changed what.",
      "Push the right values from here while the line is open in the ERP. In a closed period finance adjusts it.",
    ],
    perThousand: 2,
  },
  "TIM-04": {
    steps: [
      "Find out which project and task may be posted to.",
      "Have whoever booked the time move it there; the project manager agrees.",
    ],
    perThousand: 5,
  },
  "TIM-05": {
    steps: [
      "Read in the contract whether such work is billed.",
      "Correct the other system while the line is not invoiced.",
    ],
    perThousand: 2,
  },
  "TIM-06": {
    steps: [
      "Find which posting came first and which the interface sent again.",
      "Have finance reverse the surplus one; check whether an invoice already carries both.",
    ],
    perThousand: 1,
  },
  "TIM-07": {
    steps: [
      "Remind the approver, and their deputy when they are away.",
      "Only those who know the work approve it; nobody approves in their stead to make a date.",
    ],
    hold: "commercial",
    perThousand: 20,
  },
  "TIM-08": {
    steps: [
      "Agree with finance whether the lines go on a supplementary invoice or wait for the next run.",
      "Waive the exception with that decision as its reason.",
    ],
    perThousand: 10,
  },
  "TIM-09": {
    steps: [
      "See how much the contract or the purchase order still leaves.",
      "Have a change order signed or the purchase order extended; what goes beyond it stays unbilled until then.",
    ],
    hold: "commercial",
    perThousand: 10,
  },
  "TIM-10": {
    steps: [
      "Open the time exceptions of the same project and week first: they mostly explain the difference.",
      "What is left was posted without the lines' ids: ask finance for batch postings of that week.",
    ],
    perThousand: 5,
  },
  "TIM-11": {
    steps: [
      "Ask the person whether work is missing on their time sheet.",
      "They enter it themselves; time is never recorded in somebody's stead.",
    ],
    perThousand: 100,
  },
};
