/** Failures that others follow from, for rules whose records hang on what fails. */
import type { Parent } from "../rule.ts";

export const PROJECT_MISSING: Parent = {
  rule: "PRJ-01",
  comparison: "projects",
  kind: "missing_right",
  on: "project_key",
};

export const TASK_MISSING: Parent = {
  rule: "TSK-01",
  comparison: "tasks",
  kind: "missing_right",
  on: "task_key",
};

/** The PSA has no such project: what the ERP still books on it has nothing behind it either. */
export const PROJECT_ORPHANED: Parent = {
  rule: "PRJ-02",
  comparison: "running-projects",
  kind: "missing_left",
  on: "project_key",
};
