/** Links to the queue: the reverse of filters.ts, kept apart from it so that the browser need not load the schema. */
import type { ExceptionFilter } from "./filters.ts";

/** The URL of the queue under a filter with some fields changed; a field at its default is left out. */
export function queueLink(
  filter: ExceptionFilter,
  change: Partial<ExceptionFilter> = {},
  after = "",
): string {
  const params = filterParams({ ...filter, ...change });
  if (after) params.set("after", after);
  const text = params.toString();
  return text === "" ? "/exceptions" : `/exceptions?${text}`;
}

/** The same as search parameters, for the CSV as for the page. */
export function filterParams(filter: ExceptionFilter): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== "" && !(name === "status" && one === "due")) params.append(name, one);
  }
  return params;
}

/** Whether anything but the status narrows the queue. */
export function isNarrowed(filter: ExceptionFilter): boolean {
  return [...filterParams({ ...filter, status: "due" }).keys()].length > 0;
}
