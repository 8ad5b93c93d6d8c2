/** Local accounts. */
import { z } from "zod";
import { chBool, chInstant, defineQuery, defineTable } from "#sql/query";

const person = z.object({
  name: z.string(),
  display_name: z.string(),
  roles: z.array(z.string()),
  password: z.string(),
  epoch: z.number(),
  is_active: chBool,
});
export type PersonRow = z.infer<typeof person>;

/** One account; `name` empty means all of them. */
export const findPeople = defineQuery({
  name: "people.find",
  params: z.object({ name: z.string() }),
  row: person.extend({ at: chInstant }),
});

export const personTable = defineTable({
  name: "person",
  row: person.extend({ is_active: z.number(), at: z.string() }),
});
