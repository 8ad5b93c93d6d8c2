/** What people do to exceptions from the console: the form's words to the engine's commands, after asking whether they may. */
import { z } from "zod";
import { RequestError } from "#core/errors";
import { instantOf } from "#core/time";
import { actOnExceptions, type ExceptionAction } from "#reconcile/exceptions";
import { findPerson, type Person } from "../auth/accounts.server.ts";
import { requirePermission } from "../auth/guard.server.ts";
import { may } from "../auth/permissions.ts";
import type { Services } from "../services.server.ts";

const note = z.string().trim().max(2000).default("");
const days = z.coerce.number().int().min(1).max(90);

/** The forms of the exception page. */
export const ActForm = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("acknowledge"), note }),
  z.object({ intent: z.literal("assign"), assignee: z.string().trim().max(100).default(""), note }),
  z.object({
    intent: z.literal("comment"),
    note: note.pipe(z.string().min(1, "Write something to comment.")),
  }),
  z.object({ intent: z.literal("snooze"), days, note }),
  z.object({
    intent: z.literal("waive"),
    days,
    note: note.pipe(z.string().min(3, "A waiver needs a reason.")),
    cap: z.string().trim().max(30).default(""),
  }),
  z.object({ intent: z.literal("wake"), note }),
]);
export type ActForm = z.infer<typeof ActForm>;

/** The bulk form of the queue: one id arrives as text, several as a list. */
export const BulkForm = z.object({
  intent: z.enum(["acknowledge", "assign"]),
  id: z
    .union([z.string(), z.array(z.string()).max(200)], "Select at least one exception first.")
    .transform((v) => (Array.isArray(v) ? v : [v])),
  assignee: z.string().trim().max(100).default(""),
});

const DAY_MS = 86_400_000;

/** Do it, as this person. Throws ForbiddenError or RequestError; what was refused of several comes back. */
export async function act(
  { services, user }: { services: Services; user: Person },
  ids: readonly string[],
  form: ActForm,
): Promise<{ done: string[]; refused: { id: string; message: string }[] }> {
  requirePermission(user, form.intent === "waive" ? "waive" : "work");
  if (form.intent === "assign" && form.assignee !== "") {
    const to = await findPerson(services.store, form.assignee);
    if (!to || !may(to.roles, "work"))
      throw new RequestError("app.bad-assignee", `Cannot assign to ${form.assignee}`, {
        userMessage:
          "That person cannot be given work: there is no such active account, or their role only reads.",
      });
  }
  return actOnExceptions(services.store, services.clock, {
    ids,
    actor: user.name,
    action: actionOf(form, services),
  });
}

function actionOf(form: ActForm, { clock }: Services): z.input<typeof ExceptionAction> {
  // A minute less, so that the longest choice is not over the limit by the time it is checked.
  const until = (n: number) => instantOf(clock.now() + n * DAY_MS - 60_000);
  switch (form.intent) {
    case "assign":
      return { type: "assign", assignee: form.assignee, note: form.note };
    case "snooze":
      return { type: "snooze", until: until(form.days), note: form.note };
    case "waive":
      return {
        type: "waive",
        until: until(form.days),
        note: form.note,
        ...(form.cap ? { cap: form.cap } : {}),
      };
    default:
      return { type: form.intent, note: form.note };
  }
}
