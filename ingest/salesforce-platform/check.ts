/** The connection check of a source on this platform: credentials, clock, and every object and field the streams ask for. */
import { sayError } from "#core/errors";
import { type Clock, sayDuration } from "#core/time";
import type { CheckResult, Stream } from "../connector.ts";
import type { Platform } from "./client.ts";

/** A field to be written by pushes, for the check that the integration user may. */
export interface WriteNeed {
  object: string;
  fields: readonly string[];
}

export async function checkPlatform(
  platform: Platform,
  streams: readonly Stream[],
  writes: readonly WriteNeed[],
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
    const apart = Math.abs((await platform.serverNow()) - clock.now());
    return {
      ok: true,
      message:
        apart < 5000
          ? "Its clock agrees with ours."
          : `Its clock is ${sayDuration(apart)} from ours; its own is used for what is complete.`,
    };
  });
  for (const stream of streams)
    await attempt(stream.name, async () => {
      const description = await platform.describe(stream.name);
      if (description === null)
        return {
          ok: false,
          message: `There is no ${stream.name} the integration user can see. Grant it read access, or name another object in the settings.`,
        };
      const missing = stream.fields.filter((f) => !description.names.has(f.split(".")[0] ?? f));
      return missing.length === 0
        ? { ok: true, message: `${description.label}: all ${stream.fields.length} fields can be read.` }
        : {
            ok: false,
            message: `${description.label} has no ${missing.join(", ")} the integration user can see. Grant field access, or name the right field in the settings.`,
          };
    });
  for (const need of writes)
    await attempt(`${need.object} (push)`, async () => {
      const description = await platform.describe(need.object);
      const closed = need.fields.filter((f) => !(description?.updateable.has(f) ?? false));
      return closed.length === 0
        ? { ok: true, message: `Corrections of ${need.fields.join(", ")} can be pushed.` }
        : {
            ok: false,
            message: `The integration user may not change ${closed.join(", ")}, so corrections of it cannot be pushed. Grant edit access if they should be.`,
          };
    });
  return results;
}
