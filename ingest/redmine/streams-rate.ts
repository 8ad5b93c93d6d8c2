/** What each role costs at a client: issues of the rate card's tracker. Every one is both a price list and its only line. */
import type { Stream } from "../connector.ts";
import { mapping, quote, reject } from "../payload.ts";
import type { Instance } from "./client.ts";
import { customDecimal, heldText } from "./custom-value.ts";
import { digestOf, PROJECTS, projectPlaces } from "./directory.ts";
import { issueStream } from "./issue-stream.ts";
import { idIn } from "./kept.ts";
import { allOf } from "./listing.ts";
import { clientIn, customerOf } from "./streams-project.ts";
import { isClosed, MOST_MONEY } from "./streams-work.ts";

export function rateStream(instance: Instance): Stream {
  const s = instance.settings;
  return issueStream(instance, {
    name: "rate_lines",
    yields: "rate_line",
    also: ["rate_card"],
    tracker: "rateTracker",
    needs: ["rateField", "currencyField"],
    mayVanish: 0.1,
    fields: ["id", "project", "subject", "status", "custom_fields", "client", "updated_on"],
    async beside(signal) {
      const places = projectPlaces(instance, await allOf(instance, PROJECTS, signal));
      return {
        digest: digestOf([...places].map(([id, { client }]) => [id, client] as const)),
        of: (issue) => ({
          client: places.get(idIn(issue.project) ?? 0)?.client ?? { ref: "", project: null },
        }),
      };
    },
    map: mapping((f) => {
      const id = f.required("id");
      const role = f.text("subject").trim();
      const { customer_ref, keys } = customerOf(clientIn(f));
      const currency = heldText(f, s.currencyField) || s.currency;
      if (!/^[A-Z]{3}$/.test(currency))
        reject(
          "unknown-value",
          `${s.currencyField} should be an ISO 4217 code and holds ${quote(currency)}.`,
        );
      return [
        {
          entity: "rate_card",
          nativeId: id,
          key: id,
          keys,
          data: { name: role, customer_ref, is_active: !isClosed(f) },
        },
        {
          entity: "rate_line",
          nativeId: id,
          key: id,
          keys,
          data: {
            card_ref: id,
            customer_ref,
            project_ref: "",
            role_name: role,
            currency,
            rate:
              customDecimal(f, s.rateField, MOST_MONEY) ?? reject("bad-number", `${s.rateField} is empty.`),
            effective_from: f.date("start_date"),
            effective_to: f.date("due_date"),
            // What stands here is in force; only the CRM knows of drafts.
            is_signed: true,
          },
        },
      ];
    }),
  });
}
