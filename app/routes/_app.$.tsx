/** Any address nothing else answers to, inside the shell so that the way back is at hand. */
import { data, type LoaderFunctionArgs } from "@remix-run/node";
import { signedIn } from "../auth/guard.server.ts";

export async function loader(args: LoaderFunctionArgs) {
  await signedIn(args);
  throw data(null, { status: 404 });
}

export default function Nothing() {
  return null;
}
