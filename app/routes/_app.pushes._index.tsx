import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { signedIn } from "../auth/guard.server.ts";
import { Empty } from "../components/empty.tsx";
import { useShell } from "../components/freshness.tsx";
import { Page } from "../components/page.tsx";
import { Panel } from "../components/panel.tsx";
import { PushTable } from "../components/push-table.tsx";
import { useFollow } from "../components/use-follow.ts";
import { pushesPage } from "../data/push-list.server.ts";
import { inWords } from "../error-response.server.ts";

export const meta = () => [{ title: "Pushes · Plumbline" }];

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => pushesPage(await signedIn(args)));
}

export default function PushesPage() {
  const it = useLoaderData<typeof loader>();
  const now = useShell()?.now ?? "";
  useFollow(it.inFlight.length > 0);
  return (
    <Page
      title="Pushes"
      lead="Corrections on their way into another system. Each needs a second person and ends in proof."
    >
      <Panel title={`Waiting for approval (${it.waiting.length})`} flush>
        {it.waiting.length > 0 ? (
          <PushTable label="Waiting for approval" rows={it.waiting} now={now} />
        ) : (
          <Empty icon="check" title="Nothing waits for approval">
            <p>A push is requested from an exception's page.</p>
          </Empty>
        )}
      </Panel>
      <Panel title={`On their way (${it.inFlight.length})`} flush>
        {it.inFlight.length > 0 ? (
          <PushTable label="On their way" rows={it.inFlight} now={now} />
        ) : (
          <Empty icon="check" title="Nothing is being written or proven" />
        )}
      </Panel>
      <Panel
        title="Done and decided"
        aside={it.isFull ? `the newest ${it.shown} pushes are shown` : undefined}
        flush
      >
        {it.history.length > 0 ? (
          <PushTable label="Done and decided" rows={it.history} now={now} />
        ) : (
          <Empty icon="clock" title="No push has been finished yet" />
        )}
      </Panel>
    </Page>
  );
}
