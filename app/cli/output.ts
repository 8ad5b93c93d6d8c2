/** How commands speak: tables for people on standard output, one JSON value with --json, progress on standard error. */
import { AppError, sayError } from "#core/errors";

export const EXIT = { ok: 0, problem: 1, usage: 2, unavailable: 3 } as const;

/** Print the result: `value` as JSON when asked to, otherwise the lines. */
export function print(json: boolean, value: unknown, lines: () => readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines().join("\n")}\n`);
}

/** Columns padded to their widest cell; the last column is left as it is. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((h, c) => Math.max(h.length, ...rows.map((r) => (r[c] ?? "").length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, c) => (c === header.length - 1 ? cell : cell.padEnd(widths[c] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((w) => "-".repeat(w))), ...rows.map(line)];
}

/** One line that is rewritten on a terminal, and nothing when standard error is not one. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
}
export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[2K");
}

/** Say what went wrong and return the exit code that fits it. */
export function fail(error: unknown, json: boolean): number {
  endProgress();
  const code = error instanceof AppError ? error.code : "unexpected";
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message: sayError(error) } })}\n`);
  else process.stderr.write(`${sayError(error)}\n`);
  if (!(error instanceof AppError)) {
    if (error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`);
    return EXIT.problem;
  }
  if (error.recovery === "reconfigure") return EXIT.usage;
  return error.recovery === "retry" ? EXIT.unavailable : EXIT.problem;
}
