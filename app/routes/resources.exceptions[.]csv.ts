/** The whole filter of the queue as CSV, streamed: as many rows as there are, in memory never more than a few. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { signedIn } from "../auth/guard.server.ts";
import { queueCsv } from "../data/queue-csv.server.ts";
import { inWords } from "../error-response.server.ts";
import { filterOf } from "../filters.ts";

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => {
    const visit = await signedIn(args);
    const { name, body } = await queueCsv(visit, filterOf(new URL(args.request.url).searchParams));
    return new Response(body, {
      headers: {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": `attachment; filename="${name}"`,
        "Cache-Control": "no-store",
      },
    });
  });
}
