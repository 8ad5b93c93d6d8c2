import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { signedIn } from "../auth/guard.server.ts";
import { Page } from "../components/page.tsx";
import { Panel } from "../components/panel.tsx";
import { RuleTable } from "../components/rule-table.tsx";
import { rulesPage } from "../data/rules.server.ts";
import { inWords } from "../error-response.server.ts";

export const meta = () => [{ title: "Rules · Plumbline" }];

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => rulesPage(await signedIn(args)));
}

export default function RulesPage() {
  const it = useLoaderData<typeof loader>();
  return (
    <Page title="Rules" lead="What is checked, in which version, and how much stands under each.">
      <Panel title="The catalogue" aside={`${it.rules.length} rules`} flush>
        <RuleTable {...it} />
      </Panel>
    </Page>
  );
}
