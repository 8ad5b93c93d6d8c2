import { useRouteLoaderData } from "@remix-run/react";
import { createContext, useContext } from "react";

const TokenContext = createContext("");

/** Lets the page inside send forms: actions refuse a form without this session's token. */
export const FormTokenProvider = TokenContext.Provider;

export function FormToken() {
  const token = useContext(TokenContext);
  return <input type="hidden" name="csrf" value={token} />;
}

/** The part of the root loader's data that every page may read. */
export function useTheme(): string {
  const root = useRouteLoaderData("root") as { theme: string } | undefined;
  return root?.theme ?? "auto";
}
