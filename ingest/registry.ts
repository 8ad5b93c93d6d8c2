/** The connectors there are, and the configured sources opened through them. The only list of vendors. */

import type { z } from "zod";
import type { PlumblineConfig, SourceConfig } from "#core/config";
import { ConfigError } from "#core/errors";
import type { Clock } from "#core/time";
import { certinia } from "./certinia/index.ts";
import type { Connector } from "./connector.ts";
import { type HttpOptions, openHttp } from "./http.ts";
import { netsuite } from "./netsuite/index.ts";
import type { OpenSource } from "./open-source.ts";
import { redmine } from "./redmine/index.ts";
import { salesforce } from "./salesforce/index.ts";
import { tryton } from "./tryton/index.ts";

export type { OpenSource } from "./open-source.ts";

/** A connector whose settings' type is its own business. */
interface AnyConnector extends Omit<Connector, "settings" | "open"> {
  settings: z.ZodType;
  openChecked(source: SourceConfig, deps: Parameters<Connector["open"]>[2]): ReturnType<Connector["open"]>;
}

function connector<S>(c: Connector<S>): AnyConnector {
  return { ...c, openChecked: (source, deps) => c.open(source, c.settings.parse(source.settings), deps) };
}

const CONNECTORS: readonly AnyConnector[] = [
  connector(salesforce),
  connector(certinia),
  connector(netsuite),
  connector(redmine),
  connector(tryton),
];

/** The vendors Plumbline can read, for people. */
export const vendors: readonly { vendor: string; label: string; roles: readonly string[] }[] = CONNECTORS;

/** What `settings` may hold for each vendor; for loadConfig. */
export const vendorSettings: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  CONNECTORS.map((c) => [c.vendor, c.settings]),
);

export interface OpenDeps {
  clock: Clock;
  /** For tests: how retries wait. */
  http?: Partial<Pick<HttpOptions, "tries" | "backoffMs" | "timer">>;
}

/** Opens every configured source. No call is made yet. Throws ConfigError for a vendor or a role there is no connector for. */
export function openSources(config: PlumblineConfig, deps: OpenDeps): OpenSource[] {
  return config.sources.map((source) => openSource(source, deps));
}

function openSource(config: SourceConfig, { clock, http: httpOptions = {} }: OpenDeps): OpenSource {
  const found = CONNECTORS.find((c) => c.vendor === config.vendor);
  if (!found)
    throw new ConfigError("source.vendor", `No connector for ${config.vendor}`, {
      userMessage: `There is no connector for "${config.vendor}", so ${config.id} cannot be read. Known vendors: ${CONNECTORS.map((c) => c.vendor).join(", ")}.`,
    });
  if (!found.roles.includes(config.role))
    throw new ConfigError("source.role", `${config.vendor} cannot be the ${config.role}`, {
      userMessage: `${found.label} cannot take the role "${config.role}" (source ${config.id}). It can be: ${found.roles.join(", ")}.`,
    });
  const label = config.name ?? found.label;
  const http = openHttp({
    source: label,
    hosts: configuredHosts(config),
    requestsPerMinute: config.requestsPerMinute,
    clock,
    ...httpOptions,
  });
  return { config, label, source: found.openChecked(config, { http, clock }), http };
}

/** The hosts a source's configuration names: its baseUrl and every address among its settings. */
export function configuredHosts(config: Pick<SourceConfig, "baseUrl" | "settings">): string[] {
  const hosts = new Set([new URL(config.baseUrl).host]);
  const look = (value: unknown) => {
    if (typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value))
      hosts.add(new URL(value).host);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(look);
  };
  look(config.settings);
  return [...hosts];
}
