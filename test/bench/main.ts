/**
 * `npm run bench`: what Plumbline's work costs beside the shortest thing the bare engine can do for the same answer, in one run on
 * one machine. Times vary from machine to machine; the ratios are what to look at.
 */
import { Command } from "commander";
import type { BesideTime } from "./beside/measure.ts";
import { benchCatalogue } from "./catalogue.ts";
import { benchIngest } from "./ingest.ts";
import type { BenchRow } from "./measure.ts";
import { benchPages } from "./pages.ts";
import { benchReconcile } from "./reconcile.ts";

const program = new Command("bench")
  .description("Measure ingest, full and incremental runs, and pages, each beside the bare engine")
  .option("--json", "print one JSON object as the last line")
  .option("--sizes <n...>", "time lines per side", ["1000000", "10000000"])
  .option("--large", "50 million time lines per side as well; needs about 40 GB of disk and an hour")
  .option("--drift <n...>", "lines in a million that differ", ["20", "20000"])
  .option("--projects <n>", "projects of the firm that is ingested", "40")
  .option("--exceptions <n>", "open exceptions the pages are measured with", "1000000")
  .option("--only <part>", "ingest, reconcile, catalogue or pages")
  .parse();
const options = program.opts<{
  json?: boolean;
  large?: boolean;
  sizes: string[];
  drift: string[];
  projects: string;
  exceptions: string;
  only?: string;
}>();
const note = (text: string) => process.stderr.write(`${text}\n`);
const wanted = (part: string) => options.only === undefined || options.only === part;

const rows: BenchRow[] = [];
if (wanted("ingest")) rows.push(...(await benchIngest(Number(options.projects), note)));
if (wanted("reconcile"))
  for (const size of [...options.sizes, ...(options.large ? ["50000000"] : [])].map(Number))
    for (const drift of options.drift.map(Number)) rows.push(...(await benchReconcile(size, drift, note)));
if (wanted("catalogue"))
  for (const size of options.sizes.map(Number)) rows.push(...(await benchCatalogue(size, 20, note)));
if (wanted("pages")) rows.push(...(await benchPages(Number(options.exceptions), note)));

const cell = (n: number | null) => (n === null ? "" : n.toLocaleString("en"));
/** "DuckDB v1.5.5 812 ms (ours 1.3 times as long)". */
const besideWords = ({ name, ms }: BesideTime, ours: number) =>
  `${name} ${cell(ms)} ms (ours ${Math.round((ours / Math.max(1, ms)) * 100) / 100} times as long)`;
process.stdout.write(
  "| work | ours ms | bare ms | ratio | peak MB | other engines |\n|---|---:|---:|---:|---:|---|\n",
);
for (const r of rows)
  process.stdout.write(
    `| ${r.work} | ${cell(r.ours_ms)} | ${cell(r.bare_ms)} | ${cell(r.ratio)} | ${cell(r.peak_mb)} | ${r.beside.map((b) => besideWords(b, r.ours_ms)).join(", ")} |\n`,
  );
if (options.json) process.stdout.write(`${JSON.stringify({ rows })}\n`);
// Connections to the sandbox's servers would keep the process for their keep-alive time.
process.exit(0);
