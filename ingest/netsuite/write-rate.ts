/** Setting one price on a rate card: the RESTlet compares and sets in one step, so this is the safest push there is. */
import { RequestError } from "#core/errors";
import type { Change, WriteOutcome, WriteTarget } from "../connector.ts";
import { isObject } from "../payload.ts";
import { movedSince, newValue, sendOnce } from "../push-outcome.ts";
import type { Account } from "./client.ts";
import { rateCard } from "./rate-cards.ts";
import { NOTHING, pick, type RecordWriter, rejected } from "./record-writer.ts";
import { refusalOf, turnedAway } from "./refusal.ts";

export function rateWriter(account: Account): RecordWriter {
  return {
    actions: ["update"],
    async read(target, fields) {
      const { price, card } = await look(account, target);
      if (card === null || price === null) return NOTHING;
      return {
        exists: true,
        nativeId: target.nativeId,
        values: pick({ rate: price }, fields),
        token: null,
        locked: card.isInactive
          ? `The rate card ${card.name ?? card.id} is inactive in ${account.name}.`
          : null,
      };
    },
    write: (change) => write(account, change),
  };
}

async function look(account: Account, target: WriteTarget) {
  const place = placeOf(account, target);
  const card = await rateCard(account, place.rateCardId);
  const line = card?.lines.find((l) => l.billingClassId === place.billingClassId);
  return { place, card, price: line?.prices[place.currencyId] ?? null };
}

async function write(account: Account, change: Change): Promise<WriteOutcome> {
  const to = newValue(change, "rate");
  if (to === null || change.changes.length !== 1)
    return rejected("plumbline.unsupported", "Only the rate of a price line can be set.");
  const { place, price } = await look(account, change.target);
  if (price === null)
    return rejected("plumbline.gone", `The price line is no longer on its rate card in ${account.name}.`);
  const moved = movedSince(change, { rate: price });
  if (moved) return moved;
  const sent = await sendOnce(
    account.name,
    // The price is compared as the card writes it, so that 200 and 200.00 are not taken for a difference.
    () => account.putRate({ ...place, expected: price, value: to, remediationId: change.idempotencyKey }),
    turnedAway,
  );
  if (!sent.answered) return sent.outcome;
  const { response } = sent;
  const body = response.status === 200 ? response.json() : null;
  if (isObject(body) && body.ok === true)
    return {
      outcome: "applied",
      nativeId: change.target.nativeId ?? "",
      receipt: `rates RESTlet: ${String(body.before)} became ${String(body.after)}`,
    };
  if (isObject(body) && body.code === "STALE") {
    const actual = typeof body.actual === "string" ? body.actual : null;
    return {
      outcome: "conflict",
      actual: { rate: actual },
      message: `The price moved to ${actual ?? "nothing"} in ${account.name} after it was looked at. Nothing was written.`,
    };
  }
  if (isObject(body))
    return rejected(
      String(body.code ?? "REFUSED"),
      String(body.message ?? body.code ?? "The RESTlet refused."),
    );
  const { code, message } = refusalOf(response);
  return rejected(code, message);
}

function placeOf(account: Account, target: WriteTarget) {
  const m = /^(\d+):(\d+):(\d+)$/.exec(target.nativeId ?? "");
  if (!m?.[1] || !m[2] || !m[3])
    throw new RequestError("netsuite.no-such-target", `No price line ${target.nativeId}`, {
      userMessage: `${target.nativeId ?? "This"} is not a price line of ${account.name}.`,
    });
  return { rateCardId: m[1], billingClassId: m[2], currencyId: m[3] };
}
