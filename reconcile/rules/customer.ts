/** Customers: every system calls a client by the same name, knows it under the same terms, and knows it once. */
import type { Money, Rule } from "../rule.ts";

/** Work of a client that waits to be billed. */
const UNBILLED: Money = {
  basis: "money",
  words: "contract rate × hours of the client's approved billable time in its currency that is not invoiced",
  items: {
    of: "psa",
    on: { customer_key: "f.customer_key" },
    where: "item.is_billable = 1 AND item.currency = f.currency",
    uninvoiced: true,
    atStake: "item.value",
  },
};

/** The first number in each side's terms: how many days they give. */
const DAYS_APART =
  "abs(toInt32OrNull(extract(left.payment_terms, '[0-9]+')) - toInt32OrNull(extract(right.payment_terms, '[0-9]+')))";

export const customerMissing: Rule = {
  id: "CUS-01",
  version: 1,
  title: "Customer missing in ERP",
  because: "Finance can neither set up the client's projects nor bill it, however much work is done.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "clients", kinds: ["missing_right"], settle: "1h" }],
  money: UNBILLED,
  remedy: null,
};

export const customerTwice: Rule = {
  id: "CUS-02",
  version: 1,
  title: "Customer possibly held more than once",
  because:
    "Invoices and payments of one client are spread over several accounts, and each looks wrong on its own.",
  owner: "Finance operations",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "customer-records", kinds: ["mismatch"], fields: ["records"], settle: "24h" }],
  money: {
    basis: "money",
    words:
      "contract rate × hours of the approved billable time in its currency that is not invoiced, of the client whose id one of the records carries",
    items: {
      of: "psa",
      on: { customer_key: "f.customer_key" },
      where: "item.is_billable = 1 AND item.currency = f.currency AND item.customer_key != ''",
      uninvoiced: true,
      atStake: "item.value",
    },
  },
  remedy: null,
};

export const customerEntity: Rule = {
  id: "CUS-03",
  version: 1,
  title: "Customer in another legal entity than signed",
  because: "Invoices go out from a company that the client has no contract with.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "clients", kinds: ["mismatch"], fields: ["signing_entity"], settle: "1h" }],
  money: UNBILLED,
  remedy: null,
};

export const customerTerms: Rule = {
  id: "CUS-05",
  version: 1,
  title: "Customer's currency or payment terms differ from the contract",
  because: "The client is billed in a currency, or asked to pay by a day, that it did not sign.",
  owner: "Finance operations",
  severity: 2,
  blocks: "soft",
  per: "key",
  claims: [
    {
      comparison: "clients",
      kinds: ["mismatch"],
      fields: ["signing_currency", "payment_terms"],
      settle: "24h",
    },
  ],
  money: {
    basis: "money",
    words:
      "where the currency differs, contract rate × hours of the client's approved billable time in its currency that is not invoiced; else that × days between the terms ÷ 365 × 8 % a year",
    items: {
      of: "psa",
      on: { customer_key: "f.customer_key" },
      where: "item.is_billable = 1 AND item.currency = f.currency",
      uninvoiced: true,
      atStake: `if(has(f.differing, 'signing_currency'), toDecimal128(item.value, 8), toDecimal128(item.value, 8) * ${DAYS_APART} * 8 / 36500)`,
    },
  },
  remedy: null,
};

export const customerBlocked: Rule = {
  id: "CUS-06",
  version: 1,
  title: "Inactive or blocked customer with active work",
  because: "People work for a client that finance has decided not to bill, or has forgotten to open again.",
  owner: "Finance operations",
  severity: 1,
  blocks: "hard",
  per: "key",
  claims: [{ comparison: "client-work", kinds: ["mismatch"], fields: ["status"], settle: "1h" }],
  money: UNBILLED,
  remedy: null,
};

export const customerParent: Rule = {
  id: "CUS-07",
  version: 1,
  title: "Customer's parent differs",
  because: "Bills and reports that go by the group are made for another one than sales agreed it with.",
  owner: "Finance operations",
  severity: 3,
  blocks: "soft",
  per: "key",
  claims: [{ comparison: "clients", kinds: ["mismatch"], fields: ["parent_key"], settle: "24h" }],
  money: UNBILLED,
  remedy: null,
};

export const customerName: Rule = {
  id: "CUS-08",
  version: 1,
  title: "Customer name differs",
  because: "Invoices, purchase orders and reports name a client that does not exist under that name.",
  owner: "Finance operations",
  severity: 3,
  blocks: "no",
  per: "key",
  claims: [
    { comparison: "customer-names-psa", kinds: ["mismatch"], fields: ["name"], settle: "24h" },
    { comparison: "customer-names-erp", kinds: ["mismatch"], fields: ["name"], settle: "24h" },
  ],
  money: { basis: "none" },
  remedy: null,
};

export const CUSTOMER_RULES: readonly Rule[] = [
  customerMissing,
  customerTwice,
  customerEntity,
  customerTerms,
  customerBlocked,
  customerParent,
  customerName,
];
