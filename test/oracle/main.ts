/**
 * `npm run oracle`: the whole path over HTTP for many random firms, judged by what the generator knows about its own objects.
 * Prints recall and precision by rule, what was opened or resolved without cause, and how far the money is off. Fails unless all
 * of it is perfect.
 */
import { Command } from "commander";
import { sayError } from "#core/errors";
import { summarise } from "./report.ts";
import { runSeason, type Season, SIZES, type Size } from "./season.ts";

const program = new Command("oracle")
  .description(
    "Judge ingest and reconcile on random firms with planted faults, near misses and hostile delivery",
  )
  .option("--seeds <n>", "how many firms", "20")
  .option("--from <n>", "the first seed", "1")
  .option("--size <size>", Object.keys(SIZES).join(" or "), "small")
  .option("--json", "print one JSON object as the last line")
  .parse();
const options = program.opts<{ seeds: string; from: string; size: string; json?: boolean }>();
if (!(options.size in SIZES)) program.error(`There is no size ${options.size}; use small or medium.`);
if (!/^[1-9]\d*$/.test(options.seeds) || !/^\d+$/.test(options.from))
  program.error("Seeds are counted in whole numbers.");

const seasons: Season[] = [];
const broken: string[] = [];
for (let n = 0; n < Number(options.seeds); n++) {
  const seed = Number(options.from) + n;
  try {
    const season = await runSeason(seed, options.size as Size);
    seasons.push(season);
    const { score } = season;
    process.stderr.write(
      `seed ${seed}: ${score.found} of ${score.planted} found, ${season.falseOpens.length} opened without cause, ${season.falseResolves.length} resolved without cause, money off by ${score.moneyDifference}; reading was interrupted ${season.interruptions} times, ${season.kills} reconciliations were killed, ${season.postedLate} lines were posted late, ${season.overtaken} planted faults undid one another\n`,
    );
    for (const missed of score.missed) process.stderr.write(`  not found: ${missed}\n`);
    for (const apart of score.unexplained) process.stderr.write(`  no symptom of its cause: ${apart}\n`);
    for (const off of score.mispriced) process.stderr.write(`  money differs: ${off}\n`);
    for (const open of season.falseOpens) process.stderr.write(`  opened without cause: ${open}\n`);
    for (const gone of season.falseResolves) process.stderr.write(`  resolved without cause: ${gone}\n`);
  } catch (error) {
    broken.push(`seed ${seed}: ${sayError(error)}`);
    process.stderr.write(`seed ${seed} broke: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}

const summary = summarise(seasons);
process.stdout.write(
  "| rule | planted | recall | precision | opened without cause | resolved without cause | money off by |\n|---|---:|---:|---:|---:|---:|---:|\n",
);
for (const [rule, r] of Object.entries(summary.byRule))
  process.stdout.write(
    `| ${rule} | ${r.planted} | ${r.recall} | ${r.precision} | ${r.falseOpens} | ${r.falseResolves} | ${r.moneyDifference} |\n`,
  );
process.stdout.write(
  `${summary.seeds} firms: recall ${summary.recall}, precision ${summary.precision}, opened without cause ${summary.falseOpens}, resolved without cause ${summary.falseResolves}, money off by ${summary.moneyDifference}\n`,
);
if (options.json) process.stdout.write(`${JSON.stringify({ ...summary, broken })}\n`);
process.exit(broken.length === 0 && seasons.every((s) => s.perfect) ? 0 : 1);
