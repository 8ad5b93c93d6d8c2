import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { signedIn } from "../auth/guard.server.ts";
import { BlockedRevenue } from "../components/blocked-revenue.tsx";
import { CandidateTable } from "../components/candidate-table.tsx";
import { Empty } from "../components/empty.tsx";
import { useShell } from "../components/freshness.tsx";
import { MarginIntegrity } from "../components/margin-integrity.tsx";
import { OpenByClient } from "../components/open-by-client.tsx";
import { OpenByRule } from "../components/open-by-rule.tsx";
import { OverviewTiles } from "../components/overview-tiles.tsx";
import { Page } from "../components/page.tsx";
import { Panel } from "../components/panel.tsx";
import { RateLeakage } from "../components/rate-leakage.tsx";
import { TrendChart } from "../components/trend-chart.tsx";
import { overview } from "../data/overview.server.ts";
import { inWords } from "../error-response.server.ts";

export const meta = () => [{ title: "Overview · Plumbline" }];

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => overview((await signedIn(args)).services));
}

export default function OverviewPage() {
  const it = useLoaderData<typeof loader>();
  const now = useShell()?.now ?? "";
  const nothing = it.byRule.length === 0;
  return (
    <Page title="Overview" lead="What the systems disagree on, and what it holds up.">
      <OverviewTiles it={it} />
      <Panel title="Open, opened and resolved" aside={`${it.trend.words}, UTC`}>
        <TrendChart spanS={it.trend.spanS} rows={it.trend.rows} />
      </Panel>
      <Panel
        title="Invoice candidates"
        aside={`invoiced by day ${it.kpi.cutoffDay} of the next month`}
        id="candidates"
        flush
      >
        <CandidateTable rows={it.kpi.candidates} total={it.kpi.invoices} currency={it.currency} />
      </Panel>
      <div className="cols-2">
        <BlockedRevenue it={it.kpi} currency={it.currency} />
        <RateLeakage it={it.kpi} currency={it.currency} />
      </div>
      <MarginIntegrity it={it.kpi} currency={it.currency} />
      {nothing ? (
        <div className="panel">
          <Empty icon="check" title="Nothing is open">
            <p>
              The newest comparisons found no difference that counts. The runs page says what was compared.
            </p>
          </Empty>
        </div>
      ) : (
        <div className="cols-2">
          <Panel title="By rule" aside="one item may count under several rules" flush>
            <OpenByRule rows={it.byRule} currency={it.currency} now={now} />
          </Panel>
          <Panel title="By client" aside="each billable item counted once" flush>
            <OpenByClient rows={it.byClient} currency={it.currency} />
          </Panel>
        </div>
      )}
    </Page>
  );
}
