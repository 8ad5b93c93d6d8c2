/** The connection check: certificate, the account's clock and zone, every table the streams ask for, and the rates RESTlet. */
import { sayError } from "#core/errors";
import { type Clock, sayDuration } from "#core/time";
import type { CheckResult, Stream } from "../connector.ts";
import type { Account } from "./client.ts";
import { timeText } from "./table-stream.ts";

/** The database's clock may be a moment ahead of the answer that carries it. */
const ZONE_SLACK_MS = 120_000;

export async function checkAccount(
  account: Account,
  streams: readonly Stream[],
  clock: Clock,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const attempt = async (what: string, work: () => Promise<Omit<CheckResult, "what">>) => {
    try {
      results.push({ what, ...(await work()) });
    } catch (error) {
      results.push({ what, ok: false, message: sayError(error) });
    }
  };
  await attempt("Clock", async () => {
    const apart = Math.abs((await account.serverNow()) - clock.now());
    return {
      ok: true,
      message:
        apart < 5000
          ? "Its clock agrees with ours."
          : `Its clock is ${sayDuration(apart)} from ours; its own is used for what is complete.`,
    };
  });
  await attempt("Time zone", async () => {
    const page = await account.select(
      "its clock",
      `SELECT ${timeText("SYSDATE")} AS now_there FROM dual`,
      [],
    );
    const shown = account.time.instant(String(page.records[0]?.now_there ?? ""));
    const apart = shown === null ? null : Math.abs(shown - (await account.serverNow()));
    return apart !== null && apart < ZONE_SLACK_MS
      ? { ok: true, message: "The account shows times in the zone the configuration names." }
      : {
          ok: false,
          message: `The account shows its time as ${String(page.records[0]?.now_there)}, which is not the time in the configured zone. Set timeZone to the zone of the integration's user, or changes will be missed.`,
        };
  });
  for (const stream of streams)
    await attempt(stream.name, async () => {
      const stop = new AbortController();
      for await (const page of stream.read(null, { full: true, signal: stop.signal }))
        return {
          ok: true,
          message: `Can be read; it holds ${page.total ?? page.records.length} records.`,
        };
      return { ok: true, message: "Can be read; it is empty." };
    });
  return results;
}
