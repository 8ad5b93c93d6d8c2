/**
 * The connection check: the server, the user and its company, every stream with all its fields, the names in the settings, how many
 * records carry an agreed key, which changes can be seen, and which corrections may be made.
 */
import type { SourceConfig } from "#core/config";
import { sayError } from "#core/errors";
import { type Clock, sayDuration } from "#core/time";
import type { CheckResult, Stream } from "../connector.ts";
import { checkAgreed, checkLogs, checkRights, checkSettings } from "./check-names.ts";
import type { Row, Server } from "./client.ts";
import type { Models } from "./models.ts";

export type Attempt = (what: string, work: () => Promise<Omit<CheckResult, "what">>) => Promise<void>;

export async function checkServer(
  server: Server,
  models: Models,
  source: SourceConfig,
  streams: readonly Stream[],
  clock: Clock,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const attempt: Attempt = async (what, work) => {
    try {
      results.push({ what, ...(await work()) });
    } catch (error) {
      results.push({ what, ok: false, message: sayError(error) });
    }
  };
  await attempt("Server", async () => {
    const version = await server.version();
    return /^6\.0\./.test(version)
      ? { ok: true, message: `Tryton ${version}.` }
      : { ok: true, message: `Tryton ${version}. This connector was proven on 6.0; watch its first reads.` };
  });
  await attempt("Login and company", async () => {
    const id = await server.company();
    const [company] = await server.call<Row[]>(
      "company.company",
      "search_read",
      [[["id", "=", id]], 0, 1, null, ["rec_name", "currency.code"]],
      { purpose: "read", retry: "read" },
    );
    return company === undefined
      ? {
          ok: false,
          message: `There is no company ${id} that "${server.settings.username}" may see. Correct the setting company, or add the company to the user's companies.`,
        }
      : {
          ok: true,
          message: `"${server.settings.username}" works in ${String(company.rec_name)} (company ${id}).`,
        };
  });
  if (results.at(-1)?.ok === false) return results;
  await attempt("Clock", async () => {
    const apart = Math.abs((await server.serverNow()) - clock.now());
    return {
      ok: true,
      message:
        apart < 5000
          ? "Its clock agrees with ours."
          : `Its clock is ${sayDuration(apart)} from ours; its own is used for what is complete.`,
    };
  });
  for (const stream of streams.filter((s) => s.yields !== "change"))
    await attempt(stream.name, async () => {
      const stop = new AbortController();
      for await (const page of stream.read(null, { full: true, signal: stop.signal }))
        return {
          ok: true,
          message: `Can be read; it holds ${page.total ?? page.records.length} records.${await leftOut(models, stream)}`,
        };
      return { ok: true, message: "Can be read; it is empty." };
    });
  await checkSettings(server, models, source.role, attempt);
  if (source.role === "erp") await checkAgreed(server, attempt);
  if (server.settings.history) await checkLogs(server, streams, attempt);
  if (source.role === "erp" && !source.readOnly) await checkRights(server, attempt);
  return results;
}

/** Which fields the stream does without, because the modules they come with are not active. A read has told those apart that are hidden. */
async function leftOut(models: Models, stream: Stream): Promise<string> {
  const fields = stream.fields.filter((f) => !f.endsWith("."));
  const known = await models.server.fields(stream.name);
  if (known === null) return "";
  const optional = models.optional[stream.name] ?? [];
  const missing = fields.filter((f) => !known.has(f) && optional.includes(f));
  return missing.length === 0
    ? ""
    : ` Left out, because their modules are not active there: ${missing.join(", ")}.`;
}
