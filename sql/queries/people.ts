/** Local accounts. */
import { z } from "zod";
import { chBool, chInstant, chInt, defineQuery, defineTable } from "#sql/query";

const person = z.object({
  name: z.string(),
  display_name: z.string(),
  roles: z.array(z.string()),
  password: z.string(),
  epoch: chInt,
  is_active: chBool,
  at: chInstant,
});
export type PersonRow = z.infer<typeof person>;

/** One account; `name` empty means all of them. */
export const findPeople = defineQuery({
  name: "people.find",
  params: z.object({ name: z.string() }),
  row: person,
});

export const personTable = defineTable({
  name: "person",
  row: person,
});
