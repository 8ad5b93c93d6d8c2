import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { RULES } from "#reconcile/rules/index";
import { requirePermission, signedIn, submitted } from "../auth/guard.server.ts";
import { ComparisonTable } from "../components/comparison-table.tsx";
import { Empty } from "../components/empty.tsx";
import { FormToken } from "../components/form-token.tsx";
import { useShell } from "../components/freshness.tsx";
import { Page } from "../components/page.tsx";
import { Panel } from "../components/panel.tsx";
import { Problem } from "../components/problem.tsx";
import { RunFilterForm } from "../components/run-filter-form.tsx";
import { RunTable } from "../components/run-table.tsx";
import { useFollow } from "../components/use-follow.ts";
import { RunFilter, runsPage } from "../data/run-list.server.ts";
import { formAnswer, inWords } from "../error-response.server.ts";

export const meta = () => [{ title: "Runs · Plumbline" }];

const RunNow = z.object({
  intent: z.enum(["run", "run-all"]),
  comparison: z.string().max(100).default(""),
});

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => {
    const params = new URL(args.request.url).searchParams;
    const filter = RunFilter.parse(Object.fromEntries(params));
    return runsPage(await signedIn(args), filter, params.get("after"));
  });
}

export async function action(args: ActionFunctionArgs) {
  return formAnswer(async () => {
    const { user, services, form } = await submitted(args, RunNow);
    requirePermission(user, "run");
    const rules = RULES.filter((r) => r.claims.some((c) => c.comparison === form.comparison)).map(
      (r) => r.id,
    );
    void services.work.compareNow(form.intent === "run-all" ? { mode: "full" } : { mode: "full", rules });
    return redirect("/runs");
  });
}

export default function RunsPage() {
  const it = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const now = useShell()?.now ?? "";
  useFollow(it.underWay.length > 0);
  return (
    <Page title="Runs" lead="What was compared, as of when on each side, and how every key came out.">
      <Problem answer={answer} />
      <Panel
        title="Comparisons"
        aside={it.underWay.length > 0 ? `under way: ${it.underWay.join(", then ")}` : "nothing is running"}
        flush
      >
        <p className="panel-body">{it.outcomes}</p>
        <ComparisonTable it={it} now={now} />
        {it.mayRun && (
          <Form method="post" className="panel-body row">
            <FormToken />
            <button type="submit" name="intent" value="run-all" className="button">
              Compare everything now
            </button>
          </Form>
        )}
      </Panel>
      <Panel title="History" flush>
        <RunFilterForm it={it} />
        {it.rows.length > 0 ? (
          <RunTable rows={it.rows} now={now} />
        ) : (
          <Empty icon="search" title="No run matches">
            <p>
              <Link to="/runs">Show all runs</Link>
            </p>
          </Empty>
        )}
        <RunPager it={it} />
      </Panel>
    </Page>
  );
}

function RunPager({ it }: { it: ReturnType<typeof useLoaderData<typeof loader>> }) {
  if (it.isFirst && it.next === null) return null;
  const params = Object.fromEntries(Object.entries(it.filter).filter(([, v]) => v !== ""));
  return (
    <div className="pager panel-body">
      <span>{!it.isFirst && <Link to={`/runs?${new URLSearchParams(params)}`}>Newest</Link>}</span>
      {it.next && <Link to={`/runs?${new URLSearchParams({ ...params, after: it.next })}`}>Older</Link>}
    </div>
  );
}
