/**
 * The sandbox as a process of its own: starts the firm's systems, prints one line of JSON saying where they are, and lives until
 * it is told to stop or whoever started it is gone.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { instantOf, systemClock } from "#core/time";
import { startLife } from "./life.ts";
import { startSandbox } from "./start.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "7" },
    projects: { type: "string", default: "40" },
    months: { type: "string", default: "6" },
    "per-rule": { type: "string", default: "3" },
    "port-salesforce": { type: "string", default: "0" },
    "port-netsuite": { type: "string", default: "0" },
    /** Where the answer sheet goes, as JSON. */
    truth: { type: "string" },
    /** Where the ready line also goes, for whoever cannot read standard output. */
    state: { type: "string" },
    life: { type: "boolean", default: false },
  },
});

const sandbox = await startSandbox({
  seed: whole("seed"),
  projects: whole("projects"),
  months: whole("months"),
  perRule: whole("per-rule"),
  portSalesforce: whole("port-salesforce"),
  portNetSuite: whole("port-netsuite"),
});
const life = values.life ? startLife(sandbox, { seed: whole("seed"), clock: systemClock }) : null;
if (values.truth !== undefined) save(values.truth, JSON.stringify(sandbox.truth, null, 2));

const ready = JSON.stringify({
  ready: true,
  asOf: instantOf(sandbox.firm.asOf),
  truth: values.truth ?? "",
  salesforce: { url: sandbox.salesforceUrl, ...sandbox.credentials.salesforce },
  netsuite: { url: sandbox.netsuiteUrl, ...sandbox.credentials.netsuite },
});
if (values.state !== undefined) save(values.state, ready);
process.stdout.write(`${ready}\n`);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  life?.stop();
  await sandbox.close();
  process.exit(0);
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
// Standard input is the lifeline: it ends when the process that started this one does.
process.stdin.once("end", stop);
process.stdin.once("error", stop);
process.stdin.resume();

function save(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  // The state holds secrets; nobody else need read either file.
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
}

function whole(
  name: "seed" | "projects" | "months" | "per-rule" | "port-salesforce" | "port-netsuite",
): number {
  const text = values[name];
  if (!/^\d+$/.test(text)) {
    process.stderr.write(`--${name} must be a whole number, not "${text}".\n`);
    process.exit(2);
  }
  return Number(text);
}
