import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { z } from "zod";
import { RequestError } from "#core/errors";
import { pushRequest } from "#reconcile/push/request";
import { signedIn, submitted } from "../auth/guard.server.ts";
import { DetailHead } from "../components/detail-head.tsx";
import { DiffTable } from "../components/diff-table.tsx";
import { ExceptionActions } from "../components/exception-actions.tsx";
import { useShell } from "../components/freshness.tsx";
import { Impact } from "../components/impact.tsx";
import { KeyHelp } from "../components/key-help.tsx";
import { Page } from "../components/page.tsx";
import { Panel } from "../components/panel.tsx";
import { Problem } from "../components/problem.tsx";
import { PushPanel } from "../components/push-panel.tsx";
import { Suggested } from "../components/suggested.tsx";
import { Symptoms } from "../components/symptoms.tsx";
import { Timeline } from "../components/timeline.tsx";
import { useFollow } from "../components/use-follow.ts";
import { usePushKey } from "../components/use-queue-keys.ts";
import { Why } from "../components/why.tsx";
import { ActForm, act } from "../data/act.server.ts";
import { exceptionPage } from "../data/exception-detail.server.ts";
import { formAnswer, inWords } from "../error-response.server.ts";

export const meta = () => [{ title: "Exception · Plumbline" }];

const DetailForm = z.union([z.object({ intent: z.literal("request-push") }), ActForm]);

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => {
    const withPreview = new URL(args.request.url).searchParams.get("preview") === "1";
    return exceptionPage(await signedIn(args), args.params.id ?? "", withPreview);
  });
}

export async function action(args: ActionFunctionArgs) {
  const id = args.params.id ?? "";
  return formAnswer(async () => {
    const { form, ...visit } = await submitted(args, DetailForm);
    if (form.intent === "request-push") {
      const push = await pushRequest(visit.services, visit.user, id);
      return redirect(`/pushes/${push.id}`);
    }
    const { refused } = await act(visit, [id], form);
    if (refused[0])
      throw new RequestError("exception.refused", refused[0].message, { userMessage: refused[0].message });
    return redirect(`/exceptions/${id}`);
  });
}

export default function ExceptionPage() {
  const it = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const [params] = useSearchParams();
  const now = useShell()?.now ?? "";
  const flying = it.pushes.find((p) => p.id === it.push.inFlight);
  useFollow(flying !== undefined && flying.status !== "requested" && flying.status !== "unknown");
  usePushKey();
  return (
    <Page title={it.wrong} lead={it.rule?.because}>
      <Problem answer={answer} />
      <div className="row between">
        <DetailHead it={it} now={now} />
        <KeyHelp />
      </div>
      <div className="cols-main">
        <div className="stack">
          <Panel title="Side by side" aside={it.state} flush>
            <DiffTable it={it} only={params.get("only") === "1"} />
          </Panel>
          <Suggested it={it} />
          <Symptoms it={it} />
          <PushPanel it={it} now={now} />
          <Panel title="What happened" aside="newest first, from every system's change log">
            <Timeline moments={it.timeline} />
          </Panel>
        </div>
        <div className="stack">
          <Impact it={it} />
          <ExceptionActions it={it} />
          <Why it={it} />
        </div>
      </div>
    </Page>
  );
}
