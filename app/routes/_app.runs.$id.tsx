import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { signedIn } from "../auth/guard.server.ts";
import { Page } from "../components/page.tsx";
import { RunView } from "../components/run-view.tsx";
import { runPage } from "../data/run-list.server.ts";
import { inWords } from "../error-response.server.ts";

export const meta = () => [{ title: "Run · Plumbline" }];

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => {
    const kind = new URL(args.request.url).searchParams.get("kind") ?? "";
    return runPage(await signedIn(args), args.params.id ?? "", kind);
  });
}

export default function RunPage() {
  const it = useLoaderData<typeof loader>();
  return (
    <Page
      title={it.run.title}
      lead={
        it.run.mode === "full"
          ? "Everything was compared."
          : it.run.why === "unchanged"
            ? "Nothing had changed, so the outcome of the full run before stands."
            : "What was touched since the run before was compared."
      }
    >
      <RunView it={it} />
    </Page>
  );
}
