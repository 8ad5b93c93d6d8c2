import { afterAll } from "vitest";
import { manualClock } from "#core/time";
import { openSources } from "#ingest/registry";
import { type Sandbox, startSandbox } from "#sandbox/start";
import { describeConnector } from "../../support/conformance.ts";
import { sandboxConfig } from "../../support/sandbox-config.ts";

const clock = manualClock("2026-11-20T15:00:00.000Z");
let sandbox: Sandbox | null = null;
afterAll(() => sandbox?.close());

describeConnector("Salesforce", async () => {
  sandbox = await startSandbox({ clock });
  const found = openSources(sandboxConfig(sandbox), { clock }).find((s) => s.config.vendor === "salesforce");
  if (!found) throw new Error("The sandbox's configuration has no Salesforce");
  return found;
});
