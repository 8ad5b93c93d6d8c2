import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { signedIn } from "../auth/guard.server.ts";
import { Page } from "../components/page.tsx";
import { RuleView } from "../components/rule-view.tsx";
import { rulePage } from "../data/rules.server.ts";
import { inWords } from "../error-response.server.ts";

export const meta = () => [{ title: "Rule · Plumbline" }];

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => rulePage(await signedIn(args), args.params.id ?? ""));
}

export default function RulePage() {
  const it = useLoaderData<typeof loader>();
  return (
    <Page title={it.rule.title} lead={it.rule.because}>
      <RuleView {...it} />
    </Page>
  );
}
