/**
 * `node --import tsx test/live/console.ts [vanilla|addons]`: writes a configuration for the running servers, its secrets beside it,
 * and says how to look at them with the console.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { liveConfigText } from "./config.ts";
import { FLAVOURS, readEstate } from "./estate.ts";

const flavour = FLAVOURS.find((f) => f === (process.argv[2] ?? "vanilla"));
if (flavour === undefined) throw new Error(`Say one of: ${FLAVOURS.join(", ")}`);
const estate = readEstate();
const folder = join(estate.root, "console", flavour);
mkdirSync(folder, { recursive: true });
const { text, secrets } = liveConfigText(estate, flavour, (name) => `file:${join(folder, name)}`);
for (const [name, secret] of Object.entries(secrets))
  writeFileSync(join(folder, name), `${secret}\n`, { mode: 0o600 });
const file = join(folder, "plumbline.config.yaml");
writeFileSync(file, text);
const vars = `PLUMBLINE_CONFIG=${file} PLUMBLINE_DATA=${join(folder, "data")}`;
console.log(`Check the connections:   ${vars} npm run plumbline -- check`);
console.log(`Open the console:        ${vars} PLUMBLINE_SESSION_SECRET=only-for-local-use npm run dev`);
for (const [name, secret] of Object.entries(secrets))
  if (name.startsWith("PASSWORD_")) console.log(`Sign in as ${name.slice(9).toLowerCase()}: ${secret}`);
