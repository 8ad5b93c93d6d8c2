/**
 * Prices: rate cards and their lines. A card's lines change without moving any stamp, so every read looks at all of them and the
 * bookmark remembers what each held and since when. A line's change time is when Plumbline first saw it so.
 */
import { compare } from "#core/decimal";
import { NO_DATE } from "#core/entities";
import { stableId } from "#core/ids";
import { type Instant, instantOf } from "#core/time";
import type { Bookmark, Identified, Stream } from "../connector.ts";
import { isObject, mapping, quote, reject } from "../payload.ts";
import type { Account } from "./client.ts";
import { currencySymbols, type RateCard, rateCards } from "./rate-cards.ts";

/** Native id → what it held (a digest) and since when. */
type Seen = Record<string, [digest: string, since: Instant]>;

/** What is there at the first look was there before; how long is not known. A day is long enough to count as settled. */
const BEFORE_FIRST_LOOK_MS = 86_400_000;

export function rateCardStream(account: Account): Stream {
  return {
    name: "billingratecard",
    yields: "rate_line",
    also: ["rate_card"],
    deletes: "sweep",
    mayVanish: 0.1,
    fields: [
      "kind",
      "id",
      "cardid",
      "name",
      "isinactive",
      "externalid",
      "billingclassid",
      "billingclass",
      "currencyid",
      "currency",
      "price",
      "seen_since",
    ],
    identify(payload): Identified {
      if (!isObject(payload))
        return { ok: false, detail: `Expected a card or a line, got ${quote(payload)}.` };
      const { id, seen_since: since } = payload;
      return typeof id === "string" && id !== "" && typeof since === "string"
        ? { ok: true, nativeId: id, changedAt: since, deleted: false }
        : { ok: false, detail: "The card or line has no id." };
    },
    async *read(from, { full, signal }) {
      const now = await account.serverNow(signal);
      const before = from === null ? null : seenOf(from);
      const symbols = await currencySymbols(account, signal);
      const after: Seen = {};
      const records: unknown[] = [];
      for await (const cards of rateCards(account, signal))
        for (const payload of cards.flatMap((card) => payloadsOf(card, symbols))) {
          const digest = stableId(JSON.stringify(payload)).slice(0, 12);
          const known = before?.[payload.id];
          const unchanged = known?.[0] === digest;
          const since = unchanged ? known[1] : instantOf(before === null ? now - BEFORE_FIRST_LOOK_MS : now);
          after[payload.id] = [digest, since];
          if (full || !unchanged) records.push({ ...payload, seen_since: since });
        }
      // Handed out in one piece: half a look is no basis for saying what changed.
      const bookmark: Bookmark = JSON.stringify({ seen: after });
      const total = Object.keys(after).length;
      yield { records, bookmark, total, completeUntil: instantOf(now) };
    },
    map: mapping((f) => {
      const id = f.required("id");
      if (f.text("kind") === "card")
        return [
          {
            entity: "rate_card",
            nativeId: id,
            key: id,
            // Which clients a card prices is said on the client; one card may price many.
            data: { name: f.text("name"), customer_ref: "", is_active: !f.flag("isinactive") },
          },
        ];
      const rate = f.decimal("price") ?? reject("bad-number", "price is empty.");
      if (compare(rate, "0") < 0) reject("out-of-range", `price holds ${rate}; a rate is not negative.`);
      return [
        {
          entity: "rate_line",
          nativeId: id,
          key: id,
          data: {
            card_ref: f.required("cardid"),
            customer_ref: "",
            project_ref: "",
            role_name: f.text("billingclass"),
            currency: f.required("currency"),
            rate,
            // A card holds what is charged now, with no dates.
            effective_from: NO_DATE,
            effective_to: NO_DATE,
            is_signed: true,
          },
        },
      ];
    }),
    async *ids(signal) {
      const symbols = await currencySymbols(account, signal);
      for await (const cards of rateCards(account, signal))
        yield cards.flatMap((card) => payloadsOf(card, symbols).map((p) => p.id));
    },
  };
}

/** A card and each of its prices as records of their own, so that a price that goes away is seen to go. */
function payloadsOf(
  card: RateCard,
  symbols: ReadonlyMap<string, string>,
): ({ id: string } & Record<string, unknown>)[] {
  return [
    {
      kind: "card",
      id: card.id,
      name: card.name ?? "",
      isinactive: card.isInactive,
      externalid: card.externalId ?? null,
    },
    ...card.lines.flatMap((line) =>
      Object.entries(line.prices).map(([currencyid, price]) => ({
        kind: "line",
        id: `${card.id}:${line.billingClassId}:${currencyid}`,
        cardid: card.id,
        billingclassid: line.billingClassId,
        billingclass: line.billingClass ?? "",
        currencyid,
        currency: symbols.get(currencyid) ?? "",
        price,
      })),
    ),
  ];
}

function seenOf(bookmark: Bookmark): Seen {
  const parsed: unknown = JSON.parse(bookmark);
  return isObject(parsed) && isObject(parsed.seen) ? (parsed.seen as Seen) : {};
}
