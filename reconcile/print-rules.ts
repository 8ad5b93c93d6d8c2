/** Writes docs/rules.md from the catalogue. */
import { writeFileSync } from "node:fs";
import { RULES } from "./rules/index.ts";
import { catalogueMarkdown } from "./rules-page.ts";

writeFileSync("docs/rules.md", catalogueMarkdown(RULES));
