/**
 * Rate cards as the rates RESTlet lists them; scripts are the only way to them. The contract is ours (docs/connect/netsuite.md):
 * a page is `{items, hasMore}`, a card is `{id, name, isInactive, externalId, lines: [{billingClassId, billingClass, prices}]}`
 * with prices by the currency's internal id.
 */

import { z } from "zod";
import { TransientError } from "#core/errors";
import type { Account } from "./client.ts";

const Card = z.object({
  id: z.string(),
  name: z.string().nullish(),
  isInactive: z.boolean().default(false),
  externalId: z.string().nullish(),
  lines: z
    .array(
      z.object({
        billingClassId: z.string(),
        billingClass: z.string().nullish(),
        prices: z.record(z.string(), z.string()),
      }),
    )
    .default([]),
});

const CardPage = z.object({ items: z.array(Card), hasMore: z.boolean() });

export type RateCard = z.infer<typeof Card>;

const PAGE = 100;

/** Every card, page by page. */
export async function* rateCards(account: Account, signal?: AbortSignal): AsyncIterable<readonly RateCard[]> {
  const size = Math.min(PAGE, account.settings.pageSize);
  for (let offset = 0; ; offset += size) {
    const answer = CardPage.safeParse(
      await account.rates({ limit: String(size), offset: String(offset) }, { purpose: "read", signal }),
    );
    if (!answer.success) throw unknownShape(account, answer.error.message);
    yield answer.data.items;
    if (!answer.data.hasMore) return;
  }
}

/** One card as it is now; null when there is none. */
export async function rateCard(account: Account, id: string): Promise<RateCard | null> {
  const body = await account.rates({ rateCardId: id }, { purpose: "push", absent: "RCRD_DSNT_EXIST" });
  if (body === null) return null;
  const card = Card.safeParse(body);
  if (!card.success) throw unknownShape(account, card.error.message);
  return card.data;
}

/** ISO codes by the currency's internal id. */
export async function currencySymbols(account: Account, signal?: AbortSignal): Promise<Map<string, string>> {
  const page = await account.select("currencies", "SELECT id, symbol FROM currency ORDER BY id", [], {
    ...(signal === undefined ? {} : { signal }),
  });
  return new Map(page.records.map((r) => [String(r.id), String(r.symbol ?? "")]));
}

function unknownShape(account: Account, detail: string): Error {
  return new TransientError("netsuite.rates-shape", `${account.name}: rates RESTlet: ${detail}`, {
    userMessage: `The rates RESTlet of ${account.name} answered in a shape Plumbline does not know, so no prices were read. Deploy the version that belongs to this release (docs/connect/netsuite.md).`,
  });
}
