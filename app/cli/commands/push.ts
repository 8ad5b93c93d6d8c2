import { Command } from "commander";
import { type Preview, pushPreview } from "#reconcile/push/preview";
import { pushApprove, pushRefuse, pushRequest } from "#reconcile/push/request";
import { type Push, pushList, pushShow, STATUS_WORDS } from "#reconcile/push/state";
import { pushUndo } from "#reconcile/push/undo";
import { pushEvents } from "#sql/queries/pushes";
import { workOf } from "../../work.server.ts";
import { actorNamed, type Context, pushDeps, sayInstant, withContext, withStore } from "../context.ts";
import { EXIT, print, table } from "../output.ts";

const withJson = (command: Command) => command.option("--json", "print one JSON object");
const acting = (command: Command) =>
  withJson(command).requiredOption("--as <name>", "the person acting, as named in the configuration");

/** `plumbline push …`: preview, request, approve, refuse, undo, resume, list, show. */
export function pushCommand(done: (code: number) => void): Command {
  const finish = (push: Push) =>
    done(["conflict", "rejected", "unknown"].includes(push.status) ? EXIT.problem : EXIT.ok);

  const preview = withJson(new Command("preview").argument("<exception>"))
    .description("What the push for an exception would do; writes nothing")
    .action(async (exception: string, options: { json?: boolean }) => {
      const result = await withContext((c) => pushPreview(pushDeps(c), exception));
      print(options.json ?? false, result, () => sayPreview(result));
      done(result.kind === "ready" && result.allowed ? EXIT.ok : EXIT.problem);
    });

  const request = acting(new Command("request").argument("<exception>"))
    .description("Request the push for an exception")
    .action(async (exception: string, options: { as: string; json?: boolean }) => {
      const push = await withContext((c) =>
        pushRequest(pushDeps(c), actorNamed(c.config, options.as), exception),
      );
      print(options.json ?? false, push, () => sayPush(push));
    });

  const approve = acting(new Command("approve").argument("<push>"))
    .description("Approve a push, carry it out and prove it")
    .action(async (id: string, options: { as: string; json?: boolean }) => {
      const push = await withContext(async (c) => {
        await pushApprove(pushDeps(c), actorNamed(c.config, options.as), id);
        return carriedOut(c, id);
      });
      print(options.json ?? false, push, () => sayPush(push));
      finish(push);
    });

  const resume = withJson(new Command("resume").argument("<push>"))
    .description("Carry on with a push that was cut off, or try again to prove one that was written")
    .action(async (id: string, options: { json?: boolean }) => {
      const push = await withContext((c) => carriedOut(c, id));
      print(options.json ?? false, push, () => sayPush(push));
      finish(push);
    });

  const refuse = acting(new Command("refuse").argument("<push>"))
    .description("Refuse a push, or withdraw your own request")
    .requiredOption("--reason <words>", "why")
    .action(async (id: string, options: { as: string; reason: string; json?: boolean }) => {
      const push = await withContext((c) =>
        pushRefuse(pushDeps(c), actorNamed(c.config, options.as), id, options.reason),
      );
      print(options.json ?? false, push, () => sayPush(push));
    });

  const undo = acting(new Command("undo").argument("<push>"))
    .description("Request the inverse of a push that was written")
    .action(async (id: string, options: { as: string; json?: boolean }) => {
      const push = await withContext((c) => pushUndo(pushDeps(c), actorNamed(c.config, options.as), id));
      print(options.json ?? false, push, () => sayPush(push));
    });

  const list = withJson(new Command("list"))
    .description("Pushes, newest first")
    .option("--exception <id>", "only those for this exception")
    .action(async (options: { exception?: string; json?: boolean }) => {
      const pushes = await withStore((store) =>
        pushList(store, options.exception === undefined ? {} : { exceptionId: options.exception }),
      );
      print(options.json ?? false, { pushes }, () =>
        pushes.length === 0
          ? ["No pushes yet."]
          : table(
              ["push", "rule", "requested", "by", "status"],
              pushes.map((p) => [
                p.id,
                p.rule,
                sayInstant(p.requestedAt),
                p.requestedBy,
                STATUS_WORDS[p.status],
              ]),
            ),
      );
    });

  const show = withJson(new Command("show").argument("<push>"))
    .description("One push with everything that happened to it")
    .action(async (id: string, options: { json?: boolean }) => {
      const { push, events } = await withStore(async (store) => ({
        push: await pushShow(store, id),
        events: await store.query(pushEvents, { push_id: id }),
      }));
      print(options.json ?? false, { push, events }, () => [
        ...sayPush(push),
        ...events.map(
          (e) => `  ${sayInstant(e.at)}  ${e.type}  by ${e.actor}  ${e.detail === "{}" ? "" : e.detail}`,
        ),
      ]);
    });

  const command = new Command("push").description("Correct the wrong system, with approval and proof");
  for (const sub of [preview, request, approve, refuse, undo, resume, list, show]) command.addCommand(sub);
  return command;
}

/** Write and prove an approved push, as the console does. */
async function carriedOut(context: Context, id: string): Promise<Push> {
  await workOf(pushDeps(context)).pushNow(id);
  return pushShow(context.store, id);
}

function sayPreview(preview: Preview): string[] {
  if (preview.kind === "declined") return [`No push: ${preview.reason}`];
  return [
    `${preview.proposal.action} ${preview.proposal.target.entity} in ${preview.targetName}`,
    preview.proposal.because,
    "",
    ...table(
      ["field", "current", "becomes", "undo would write"],
      preview.rows.map((r) => [
        r.field,
        r.current ?? "(not set)",
        r.becomes ?? "(not set)",
        r.inverse ?? "(not set)",
      ]),
    ),
    "",
    ...preview.guards.map((g) => `${g.ok ? "ok  " : "FAIL"}  ${g.name}: ${g.message}`),
  ];
}

function sayPush(push: Push): string[] {
  return [
    `push ${push.id}  ${push.rule}  ${STATUS_WORDS[push.status]}`,
    `  ${push.proposal.action} ${push.proposal.target.entity} in ${push.proposal.targetSource}; requested by ${push.requestedBy}${push.decidedBy ? `, decided by ${push.decidedBy}` : ""}`,
    ...push.proposal.changes.map((c) => `  ${c.field}: ${c.from ?? "(not set)"} -> ${c.to ?? "(not set)"}`),
    ...(typeof push.last.message === "string" ? [`  ${push.last.message}`] : []),
  ];
}
