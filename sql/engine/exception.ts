/** ClickHouse's exceptions as text, code and HTTP status. */

/** Something the engine, or the front in its name, refused. `message` is the whole text a client parses. */
export class EngineException extends Error {
  readonly code: number;
  constructor(code: number, name: string, text: string) {
    super(`Code: ${code}. DB::Exception: ${text} (${name})`);
    this.code = code;
  }
}

/** What the native addon threw, as the text a server would send: one `Code:` at the front, one name at the end. */
export function exceptionText(error: unknown): { code: number; text: string } {
  const message = (error instanceof Error ? error.message : String(error)).trim();
  const code = Number(/^Code: (\d+)\./.exec(message)?.[1] ?? 1002);
  if (code === 1002 && !message.startsWith("Code:"))
    return { code, text: `Code: 1002. DB::Exception: ${message}. (UNKNOWN_EXCEPTION)` };
  // The addon repeats the frame for each layer that rethrew.
  const text = message
    .replace(/^(?:Code: \d+\. DB::Exception: )+/, `Code: ${code}. DB::Exception: `)
    .replace(/(?: \(version [^)]*\)\.?)? \(([A-Z_\d]+)\)(?: \(version [^)]*\)\. \(\1\))+$/, " ($1)")
    .replace(/ \(([A-Z_\d]+)\) \(version [^)]*\)\. \(\1\)/g, " ($1)");
  return { code, text };
}

/** The status a server answers with (HTTPHandler's table in ClickHouse; everything else is 500). */
const STATUS: Readonly<Record<number, number>> = Object.fromEntries([
  ...[192, 193, 194, 497, 516].map((code) => [code, 403]),
  ...[6, 26, 27, 36, 37, 38, 41, 43, 44, 46, 47, 50, 53, 62, 63, 70, 72, 115, 117, 386, 456, 457].map(
    (code) => [code, 400],
  ),
  ...[16, 60, 81].map((code) => [code, 404]),
  [48, 501],
  [159, 408],
  [202, 503],
]);

export function statusOf(code: number): number {
  return STATUS[code] ?? 500;
}
