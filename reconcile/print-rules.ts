/** Writes docs/rules.md from the catalogue. */
import { writeFileSync } from "node:fs";
import { catalogueMarkdown } from "./explain.ts";
import { RULES } from "./rules/index.ts";

writeFileSync("docs/rules.md", catalogueMarkdown(RULES));
