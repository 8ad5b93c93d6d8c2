/**
 * Clients and engagements are both projects here. A top-level project with a client ref stands for the client; every other project is
 * an engagement, and its client ref is its own or that of the nearest project above it.
 */
import type { MappedOf, Stream } from "../connector.ts";
import { type Fields, isObject, mapping, quote, reject } from "../payload.ts";
import type { Instance, Json } from "./client.ts";
import { customDate, customFlag, heldText } from "./custom-value.ts";
import { PROJECTS, projectPlaces } from "./directory.ts";
import { idIn } from "./kept.ts";
import { listStream } from "./list-stream.ts";
import { allOf } from "./listing.ts";
import type { RedmineSettings } from "./settings.ts";

/** `Project.status` in words. */
export const STATUS: Readonly<Record<string, string>> = { "1": "active", "5": "closed", "9": "archived" };

/** The custom fields of projects that the settings may name. */
const FIELDS = [
  "clientRefField",
  "opportunityField",
  "projectCodeField",
  "projectCurrencyField",
  "projectStartField",
  "projectEndField",
  "billableField",
] as const;

export function projectStream(instance: Instance): Stream {
  const s = instance.settings;
  return listStream(instance, {
    name: "projects",
    yields: "project",
    ...(s.clientProjects === "roots" ? { also: ["customer" as const] } : {}),
    mayVanish: 0.1,
    fields: ["id", "identifier", "name", "status", "custom_fields", "client", "updated_on"],
    async *list(signal) {
      const names = await instance.names({ signal });
      for (const field of FIELDS) names.field(field);
      // Whose client's a project is can only be told from all of them.
      const rows = await allOf(instance, PROJECTS, signal);
      yield { records: placed(instance, rows), total: rows.length };
    },
    map: mapping((f) => {
      const client = clientIn(f);
      return [
        String(client.project ?? "") === f.required("id") ? customerIn(f, s, client.ref) : projectIn(f, s),
      ];
    }),
  });
}

/** Each project with whose client's it is. */
function placed(instance: Instance, rows: readonly Json[]): Json[] {
  const places = projectPlaces(instance, rows);
  return rows.map((row) => {
    const id = idIn(row);
    const client = id === null ? undefined : places.get(id)?.client;
    return { ...row, client: client ?? { ref: "", project: null } };
  });
}

/** Whose client's a project is, as it was read beside the record. */
export function clientIn(f: Fields): { ref: string; project: number | null } {
  const client = f.raw("client");
  if (!isObject(client) || typeof client.ref !== "string")
    return reject("wrong-shape", `client should say whose project this is and holds ${quote(client)}.`);
  return { ref: client.ref, project: typeof client.project === "number" ? client.project : null };
}

/** The customer a record refers to, by the project that stands for it and by the agreed key where that is known. */
export function customerOf(client: { ref: string; project: number | null }) {
  return {
    customer_ref: client.project === null ? client.ref : String(client.project),
    keys: (client.ref === "" ? {} : { customer_key: client.ref }) as Readonly<Record<string, string>>,
  };
}

function customerIn(f: Fields, s: RedmineSettings, ref: string): MappedOf<"customer"> {
  return {
    entity: "customer",
    nativeId: f.required("id"),
    key: ref,
    data: {
      name: f.text("name"),
      legal_entity: s.legalEntity,
      currency: currencyIn(f, s),
      is_active: statusIn(f) === "active",
      rate_card_ref: "",
    },
  };
}

function projectIn(f: Fields, s: RedmineSettings): MappedOf<"project"> {
  const { customer_ref, keys } = customerOf(clientIn(f));
  const opportunity = heldText(f, s.opportunityField);
  const identifier = f.required("identifier");
  const status = statusIn(f);
  return {
    entity: "project",
    nativeId: f.required("id"),
    key: identifier,
    keys: { ...keys, ...(opportunity === "" ? {} : { opportunity_key: opportunity }) },
    data: {
      code: heldText(f, s.projectCodeField) || identifier,
      name: f.text("name"),
      customer_ref,
      opportunity_ref: opportunity,
      manager: "",
      status,
      is_active: status === "active",
      is_billable: customFlag(f, s.billableField) ?? true,
      billing_type: "",
      start_on: customDate(f, s.projectStartField),
      end_on: customDate(f, s.projectEndField),
      currency: currencyIn(f, s),
      legal_entity: s.legalEntity,
    },
  };
}

function statusIn(f: Fields): string {
  const code = f.text("status");
  return STATUS[code] ?? reject("unknown-value", `status should be 1, 5 or 9 and holds ${quote(code)}.`);
}

function currencyIn(f: Fields, s: RedmineSettings): string {
  const code = heldText(f, s.projectCurrencyField);
  if (code !== "" && !/^[A-Z]{3}$/.test(code))
    reject("unknown-value", `${s.projectCurrencyField} should be an ISO 4217 code and holds ${quote(code)}.`);
  return code || s.currency;
}

/** Which canonical field a custom field of projects is read into, for change logs. */
export function projectFields(s: RedmineSettings): Readonly<Record<string, string>> {
  const pairs: (readonly [string | null, keyof MappedOf<"project">["data"]])[] = [
    [s.opportunityField, "opportunity_ref"],
    [s.projectCodeField, "code"],
    [s.projectStartField, "start_on"],
    [s.projectEndField, "end_on"],
    [s.billableField, "is_billable"],
    [s.projectCurrencyField, "currency"],
  ];
  return Object.fromEntries(pairs.flatMap(([name, field]) => (name === null ? [] : [[name, field]])));
}
