/**
 * `npm run e2e`: starts the demo, walks through it with a browser, prints what passed and failed, and ends with 1 when anything
 * did. Needs Debian's chromium (apt-get install chromium), or CHROMIUM pointing at another.
 */
import { openVisitors } from "./browser.ts";
import { startDemo } from "./demo.ts";
import { JOURNEYS, type Trip } from "./journeys.ts";
import { LOOKS } from "./look.ts";

let passed = 0;
const failed: string[] = [];

async function step(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    passed++;
    console.log(`  ok    ${name}`);
  } catch (error) {
    failed.push(name);
    console.log(
      `  FAIL  ${name}\n${error instanceof Error ? error.message.replace(/^/gm, "        ") : String(error)}`,
    );
  }
}

const demo = await startDemo();
const visitors = await openVisitors(demo.passwords);
try {
  const trip: Trip = { demo, visitors };
  for (const [name, journey] of JOURNEYS) await step(name, () => journey(trip));
  for (const { name, look } of LOOKS) await step(name, () => look(trip));
  await step("no page made the browser complain: no script error, no policy violation", async () => {
    if (visitors.complaints.length > 0) throw new Error(visitors.complaints.join("\n"));
  });
} finally {
  await visitors.close();
  await demo.stop();
}
console.log(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
