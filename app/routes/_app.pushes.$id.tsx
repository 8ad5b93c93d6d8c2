import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { pushApprove, pushRefuse } from "#reconcile/push/request";
import { pushUndo } from "#reconcile/push/undo";
import { requirePermission, signedIn, submitted } from "../auth/guard.server.ts";
import { useShell } from "../components/freshness.tsx";
import { Page } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { PushView } from "../components/push-view.tsx";
import { useFollow } from "../components/use-follow.ts";
import { pushDetail } from "../data/push-detail.server.ts";
import { formAnswer, inWords } from "../error-response.server.ts";

export const meta = () => [{ title: "Push · Plumbline" }];

const Intent = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("approve") }),
  z.object({
    intent: z.literal("refuse"),
    reason: z.string().trim().min(3, "Say in a few words why.").max(500),
  }),
  z.object({ intent: z.literal("undo") }),
  z.object({ intent: z.literal("continue") }),
]);

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => pushDetail(await signedIn(args), args.params.id ?? ""));
}

export async function action(args: ActionFunctionArgs) {
  const id = args.params.id ?? "";
  return formAnswer(async () => {
    const { user, services, form } = await submitted(args, Intent);
    switch (form.intent) {
      case "approve":
        await pushApprove(services, user, id);
        void services.work.pushNow(id);
        break;
      case "refuse":
        await pushRefuse(services, user, id, form.reason);
        break;
      case "continue":
        requirePermission(user, "approvePush");
        void services.work.pushNow(id);
        break;
      case "undo": {
        const undo = await pushUndo(services, user, id);
        return redirect(`/pushes/${undo.id}`);
      }
    }
    return redirect(`/pushes/${id}`);
  });
}

export default function PushPage() {
  const it = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const now = useShell()?.now ?? "";
  useFollow(["approved", "started", "applied", "already_right"].includes(it.push.status));
  return (
    <Page title={it.push.what} lead={it.push.because}>
      <Problem answer={answer} />
      <PushView it={it} now={now} />
    </Page>
  );
}
