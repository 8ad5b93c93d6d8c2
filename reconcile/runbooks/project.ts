import type { Runbooks } from "./runbook.ts";

export const PROJECT_RUNBOOKS: Runbooks = {
  "PRJ-01": {
    steps: [
      "Look in the ERP for the project under another id: same contract, similar name.",
      "When it is there, enter the PSA's id on it. When it is not, push it from here or have finance create it under the PSA's id and code.",
      "Time that waited for it is posted by the interface afterwards; watch that its exceptions do not open.",
    ],
    perThousand: 5,
  },
  "PRJ-02": {
    steps: [
      "Ask delivery whether the project was ended, or never begun.",
      "Close it in the ERP when its balance is zero; otherwise finance moves its costs first.",
    ],
    perThousand: 20,
  },
  "PRJ-03": {
    steps: [
      "Find out which code finance posts to: that one stays once anything is posted.",
      "Correct the other system, and check reports and uploads that go by the code.",
    ],
    perThousand: 5,
  },
  "PRJ-04": {
    steps: [
      "Compare department, practice and region with the organisation in force.",
      "Set the PSA to the ERP's; lines already posted under the wrong one need a reclassification by finance.",
    ],
    perThousand: 20,
  },
  "PRJ-05": {
    steps: [
      "Have the owner of master data say which of the firm's companies the code stands for.",
      "Add it to the source's legalEntities in the configuration; everything of that company was waiting for it.",
    ],
    perThousand: 1,
  },
  "PRJ-06": {
    steps: [
      "Ask the project manager whether work is finished, and finance whether the last invoice is out.",
      "Open or close the one that is wrong. A project with unbilled work is not closed.",
    ],
    perThousand: 10,
  },
  "PRJ-07": {
    steps: [
      "Find out what was missing when the first hour was booked.",
      "Complete it; what was worked before may need the client's written agreement to be billed.",
    ],
    perThousand: 10,
  },
  "PRJ-08": {
    steps: [
      "Check both dates against the contract.",
      "Correct the system that is not the system of record; a date outside the contract needs an amendment first.",
    ],
    perThousand: 30,
  },
};

export const TASK_RUNBOOKS: Runbooks = {
  "TSK-01": {
    steps: [
      "Look on the ERP's project for a task of the same name without the PSA's id.",
      "Enter the id on it, or have the task created under that id; its time is then posted by the interface.",
    ],
    perThousand: 10,
  },
  "TSK-02": {
    steps: [
      "Ask the project manager whether the task is finished or was closed too early.",
      "Reopen it, or have the time moved to the task that follows it, by those who booked it.",
    ],
    perThousand: 10,
  },
  "TSK-03": {
    steps: [
      "Read in the contract whether work on the task is billed.",
      "Correct the other system before the next invoice run, and check lines already invoiced.",
    ],
    perThousand: 5,
  },
};
