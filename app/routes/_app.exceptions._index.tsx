import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { signedIn, submitted } from "../auth/guard.server.ts";
import { FormToken } from "../components/form-token.tsx";
import { useShell } from "../components/freshness.tsx";
import { Icon } from "../components/icon.tsx";
import { KeyHelp } from "../components/key-help.tsx";
import { Page } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { QueueBulk } from "../components/queue-bulk.tsx";
import { QueueEmpty } from "../components/queue-empty.tsx";
import { QueueFilterForm } from "../components/queue-filter-form.tsx";
import { QueuePager } from "../components/queue-pager.tsx";
import { QueueTable } from "../components/queue-table.tsx";
import { QueueTiles } from "../components/queue-tiles.tsx";
import { QueueTotals } from "../components/queue-totals.tsx";
import { useQueueKeys } from "../components/use-queue-keys.ts";
import { act, BulkForm } from "../data/act.server.ts";
import { queuePage } from "../data/queue.server.ts";
import { formAnswer, inWords } from "../error-response.server.ts";
import { filterParams } from "../filter-link.ts";
import { filterOf } from "../filters.ts";

export const meta = () => [{ title: "Exceptions · Plumbline" }];

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => {
    const params = new URL(args.request.url).searchParams;
    return queuePage(await signedIn(args), filterOf(params), params.get("after"));
  });
}

export async function action(args: ActionFunctionArgs) {
  return formAnswer(async () => {
    const { form, ...visit } = await submitted(args, BulkForm);
    const { intent, assignee } = form;
    const result = await act(
      visit,
      form.id,
      intent === "assign" ? { intent, assignee, note: "" } : { intent, note: "" },
    );
    if (result.refused.length > 0)
      return data(
        {
          problem: `${result.done.length} done, ${result.refused.length} not: ${[...new Set(result.refused.map((r) => r.message))].join(" ")}`,
        },
        { status: result.done.length > 0 ? 200 : 409 },
      );
    const url = new URL(args.request.url);
    url.searchParams.delete("index");
    return redirect(`/exceptions${url.searchParams.size > 0 ? `?${url.searchParams}` : ""}`);
  });
}

const FORM = "selection";

export default function ExceptionsPage() {
  const it = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const now = useShell()?.now ?? "";
  useQueueKeys();
  return (
    <Page
      title="Exceptions"
      lead="Where the systems disagree, what blocks an invoice first, then by money and severity."
    >
      <QueueTiles it={it} />
      <Problem answer={answer} />
      <section className="panel" aria-label="Queue">
        <QueueFilterForm it={it} />
        <div className="panel-body row between queue-head">
          <QueueTotals it={it} />
          <div className="row">
            <KeyHelp />
            <a
              className="button button-small"
              href={`/resources/exceptions.csv?${filterParams(it.filter)}`}
              download
            >
              <Icon name="download" />
              CSV
            </a>
          </div>
        </div>
        {it.rows.length === 0 ? (
          <QueueEmpty it={it} now={now} />
        ) : it.mayWork ? (
          <Form method="post" id={FORM} preventScrollReset>
            <FormToken />
            <QueueTable it={it} now={now} />
            <QueuePager it={it} />
            <QueueBulk it={it} formId={FORM} key={it.rows[0]?.id} />
          </Form>
        ) : (
          <>
            <QueueTable it={it} now={now} />
            <QueuePager it={it} />
          </>
        )}
      </section>
    </Page>
  );
}
