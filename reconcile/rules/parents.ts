/** Failures that others follow from, for rules whose records hang on what fails. */
import type { Parent } from "../rule.ts";

export const PROJECT_MISSING: Parent = {
  rule: "PRJ-01",
  comparison: "projects",
  kind: "missing_right",
  on: "project_key",
};
