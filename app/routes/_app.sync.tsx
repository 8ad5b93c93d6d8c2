import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { requirePermission, signedIn, submitted } from "../auth/guard.server.ts";
import { may } from "../auth/permissions.ts";
import { useShell } from "../components/freshness.tsx";
import { NoticeTable } from "../components/notice-table.tsx";
import { Page } from "../components/page.tsx";
import { Panel } from "../components/panel.tsx";
import { Problem } from "../components/problem.tsx";
import { RejectTable } from "../components/reject-table.tsx";
import { StreamTable } from "../components/stream-table.tsx";
import { syncHealth } from "../data/sync-health.server.ts";
import { formAnswer, inWords } from "../error-response.server.ts";
import { saySpan } from "../format.ts";

export const meta = () => [{ title: "Sync health · Plumbline" }];

const Filter = z.object({ source: z.string().catch(""), stream: z.string().catch("") });
const Replay = Filter.extend({ intent: z.literal("replay") });

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => {
    const { services } = await signedIn(args);
    const url = new URL(args.request.url);
    return syncHealth(services, Filter.parse(Object.fromEntries(url.searchParams)));
  });
}

export async function action(args: ActionFunctionArgs) {
  return formAnswer(async () => {
    const { user, services, form } = await submitted(args, Replay);
    requirePermission(user, "replay");
    await services.work.replayRejects({ sourceId: form.source, stream: form.stream });
    const back = new URLSearchParams({ source: form.source, stream: form.stream });
    return redirect(form.source === "" ? "/sync#rejects" : `/sync?${back}#rejects`);
  });
}

export default function SyncPage() {
  const it = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const shell = useShell();
  const now = shell?.now ?? "";
  return (
    <Page title="Sync health" lead="How fresh and how complete what we know of each system is.">
      <Problem answer={answer} />
      {it.sources.map((source) => (
        <Panel
          key={source.id}
          title={`${source.name} (${source.roleName})`}
          aside={`may be ${saySpan(source.maxAgeMs)} old at most`}
          flush
        >
          <StreamTable source={source} now={now} />
        </Panel>
      ))}
      <div id="rejects">
        <Panel title="Records that could not be understood" aside="kept whole; nothing is lost" flush>
          <RejectTable it={it} now={now} mayReplay={may(shell?.user.roles ?? [], "replay")} />
        </Panel>
      </div>
      <Panel title="Fields that changed at the source" flush>
        <NoticeTable rows={it.notices} now={now} />
      </Panel>
    </Page>
  );
}
