import { data, type LoaderFunctionArgs } from "@remix-run/node";
import { Outlet, useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { signedIn } from "../auth/guard.server.ts";
import { ErrorPage } from "../components/error-page.tsx";
import { FormTokenProvider } from "../components/form-token.tsx";
import { useShell } from "../components/freshness.tsx";
import { Shell } from "../components/shell.tsx";
import { type ShellData, shellData } from "../data/shell.server.ts";
import { inWords } from "../error-response.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  return inWords(async () => {
    const visit = await signedIn(args);
    const shell = await shellData(visit);
    const cookie = await visit.services.sessions.commitSession(visit.session, {
      secure: args.context.secure,
    });
    return data(shell, { headers: { "Set-Cookie": cookie } });
  });
}

export default function App() {
  const shell = useLoaderData<typeof loader>();
  return (
    <Framed shell={shell}>
      <Outlet />
    </Framed>
  );
}

/** A page that failed keeps its frame, so that the way to every other page stays open. */
export function ErrorBoundary() {
  const shell = useShell();
  if (!shell)
    return (
      <main className="lone">
        <ErrorPage />
      </main>
    );
  return (
    <Framed shell={shell}>
      <ErrorPage />
    </Framed>
  );
}

function Framed({ shell, children }: { shell: ShellData; children: ReactNode }) {
  return (
    <FormTokenProvider value={shell.token}>
      <Shell shell={shell}>{children}</Shell>
    </FormTokenProvider>
  );
}
