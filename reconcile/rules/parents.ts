/** Failures that others follow from, for rules whose records hang on what fails. */
import type { Parent } from "../rule.ts";

export const CUSTOMER_MISSING: Parent = {
  rule: "CUS-01",
  comparison: "clients",
  kind: "missing_right",
  on: "customer_key",
};

/** A signed contract that nothing is worked under. */
export const CONTRACT_UNSTAFFED: Parent = {
  rule: "CON-01",
  comparison: "signed-contracts",
  kind: "missing_right",
  on: "contract_key",
};

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
