/** Passwords: scrypt with its parameters kept beside the hash, so that they can be raised later. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

const COST = 2 ** 15;
const BLOCK = 8;
const KEY_LENGTH = 32;

/** `scrypt$<N>$<r>$<salt>$<hash>`, the last two in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST, BLOCK);
  return ["scrypt", COST, BLOCK, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** False for a wrong password and for a hash it does not know how to read. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, cost, block, salt, hash] = stored.split("$");
  if (scheme !== "scrypt" || !cost || !block || !salt || !hash) return false;
  const expected = Buffer.from(hash, "base64url");
  const key = await derive(password, Buffer.from(salt, "base64url"), Number(cost), Number(block));
  return expected.length === key.length && timingSafeEqual(expected, key);
}

/** Spent on names nobody has, so that the answer's time does not tell which names exist. */
export const DECOY_HASH = `scrypt$${COST}$${BLOCK}$${Buffer.alloc(16).toString("base64url")}$${Buffer.alloc(KEY_LENGTH).toString("base64url")}`;

function derive(password: string, salt: Buffer, cost: number, block: number): Promise<Buffer> {
  const options: ScryptOptions = { N: cost, r: block, p: 1, maxmem: 256 * cost * block };
  return new Promise((resolve, reject) =>
    scrypt(password.normalize("NFKC"), salt, KEY_LENGTH, options, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );
}
