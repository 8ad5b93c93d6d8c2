/** The configuration that points at a sandbox running in the same process. */

import { demoConfig, demoPeople } from "#app/cli/demo/demo-config";
import { type PlumblineConfig, parseConfig } from "#core/config";
import { vendorSettings } from "#ingest/registry";
import type { Sandbox } from "#sandbox/start";

export function sandboxConfig(sandbox: Sandbox): PlumblineConfig {
  const { credentials } = sandbox;
  const { text, env } = demoConfig(
    {
      ready: true,
      asOf: sandbox.truth.asOf,
      truth: "",
      salesforce: { url: sandbox.salesforceUrl, ...credentials.salesforce },
      netsuite: { url: sandbox.netsuiteUrl, ...credentials.netsuite },
    },
    demoPeople(),
  );
  const parsed = parseConfig(text, vendorSettings, { env: (name) => env[name], file: () => "" });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.config;
}
