/** What the web server hands to every loader and action. */
import type { Services } from "./services.server.ts";

declare module "@remix-run/server-runtime" {
  /** Loader and action types as they arrive with single fetch. */
  interface Future {
    v3_singleFetch: true;
  }
  interface AppLoadContext {
    services: Services;
    /** For this response's scripts. */
    nonce: string;
    /** The browser reached us over TLS: cookies are then marked Secure. */
    secure: boolean;
    /** The visitor's address, for limiting sign-in attempts. */
    address: string;
  }
}
