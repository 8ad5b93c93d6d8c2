/** Pages as the vendor cuts them, the same for collections, queries and our RESTlet. */
import { VendorRefusal } from "./vendor-error.ts";

const MOST_PAGES = 1000;

/** `limit` and `offset` of a request. Throws the vendor's refusal unless offset is a whole number of pages. */
export function pageOf(query: URLSearchParams, largest: number): { limit: number; offset: number } {
  const limit = wholeNumber(query, "limit") ?? largest;
  const offset = wholeNumber(query, "offset") ?? 0;
  if (limit < 1 || limit > largest) throw invalid("limit", `The limit must be between 1 and ${largest}.`);
  if (offset % limit !== 0) throw invalid("offset", "The offset must be divisible by the limit.");
  if (offset / limit >= MOST_PAGES) throw invalid("offset", `No more than ${MOST_PAGES} pages are served.`);
  return { limit, offset };
}

function wholeNumber(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text)) throw invalid(name, `Invalid value for the query parameter ${name}.`);
  return Number(text);
}

const invalid = (name: string, detail: string): VendorRefusal =>
  new VendorRefusal(400, "INVALID_PARAMETER", detail, { "o:errorQueryParam": name });

export interface Link {
  rel: string;
  href: string;
}

/** The self, first, next, previous and last links of a page. */
export function pageLinks(
  url: string,
  page: { limit: number; offset: number; total: number },
  q?: string,
): Link[] {
  const { limit, offset, total } = page;
  const at = (o: number) =>
    `${url}?${q === undefined ? "" : `q=${encodeURIComponent(q)}&`}limit=${limit}&offset=${o}`;
  const last = total === 0 ? 0 : Math.floor((total - 1) / limit) * limit;
  const links: Link[] = [{ rel: "self", href: at(offset) }];
  if (offset > 0) links.push({ rel: "first", href: at(0) }, { rel: "previous", href: at(offset - limit) });
  if (offset + limit < total)
    links.push({ rel: "next", href: at(offset + limit) }, { rel: "last", href: at(last) });
  return links;
}
