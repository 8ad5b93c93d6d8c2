import type { Runbooks } from "./runbook.ts";

export const SYSTEM_RUNBOOKS: Runbooks = {
  "SYS-01": {
    steps: [
      "Open Sync health and read the last error of the stream.",
      "Put right what it says (credentials, permissions, the system itself) and read the source again.",
      "A side that shrank for a good reason is accepted with: plumbline reconcile --accept-shrunk COMPARISON",
    ],
  },
  "SYS-02": {
    steps: [
      "Read the source anew for those days: plumbline ingest --source ID --full",
      "When the counts still differ, compare what the source's user may see with what an administrator sees.",
    ],
  },
  "SYS-03": {
    steps: [
      "Look at the keys it lists: records without a partner's id, or several with the same one.",
      "Enter the id where it is missing, or take it off the record that does not mean the same thing.",
    ],
    perThousand: 10,
  },
  "SYS-04": {
    steps: [
      "Find out who or what wrote the field: a person in a hurry, an import, an integration nobody registered.",
      "Have it done through the system of record from now on, or add the writer to those that are known.",
    ],
  },
  "SYS-05": {
    steps: [
      "Stop one of the two writers: both are convinced that they are right.",
      "Agree which system the field belongs to, and set the system of record accordingly.",
    ],
  },
  "SYS-06": {
    steps: [
      "See whether the source's clock is wrong or its fields were changed.",
      "Have the clock set, or adapt the source's settings to the new fields, then replay what was rejected.",
    ],
  },
  "SYS-07": {
    steps: [
      "Look in the target system for the value before anything is sent again.",
      "When it is there, resume the push so that it is proven. When it is not, find out what took it back.",
    ],
  },
};
