/** The public half of the key an integration signs its assertions with. */
import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { ConfigError } from "#core/errors";

/** Reads a PEM public key, a PEM certificate or a JWK. Throws ConfigError when it is none of these. */
export function publicKeyFrom(key: string | Record<string, unknown>): KeyObject {
  try {
    return typeof key === "string"
      ? createPublicKey(key)
      : createPublicKey({ key: key as JsonWebKey, format: "jwk" });
  } catch (cause) {
    throw new ConfigError("sandbox.bad-certificate", "The certificate's public key cannot be read", {
      cause,
    });
  }
}
