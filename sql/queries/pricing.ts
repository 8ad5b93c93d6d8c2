/** What pricing has to know before it prices. */
import { z } from "zod";
import { chBool, defineQuery } from "#sql/query";

export const hasCaps = defineQuery({
  name: "pricing.has-caps",
  params: z.object({}),
  row: z.object({ has_caps: chBool, has_lines: chBool }),
});
