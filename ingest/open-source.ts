/** A configured source that is ready to be read. */
import type { SourceConfig } from "#core/config";
import type { Source } from "./connector.ts";
import type { Http } from "./http.ts";

export interface OpenSource {
  config: SourceConfig;
  /** What people call it. */
  label: string;
  source: Source;
  /** The way to it, whose counts are reported with each sync. */
  http: Http;
}
