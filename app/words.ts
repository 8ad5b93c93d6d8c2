/** The product's words for what the store calls by short names; pages never show an enum's name. */

const FIELDS: Record<string, string> = {
  code: "project code",
  name: "name",
  start_on: "start date",
  end_on: "end date",
  allocation_pct: "allocation, %",
  rate: "rate",
  bill_rate: "booked rate",
  hours: "hours",
  work_on: "work date",
  project_key: "project",
  resource_key: "person",
  task_key: "task",
  customer_key: "client",
  legal_entity: "legal entity",
  is_billable: "billable",
  is_approved: "approved",
  effective_from: "valid from",
  effective_to: "valid to",
  role_name: "role",
  note: "note",
  incurred_on: "spent on",
  cost_over: "cost of what is over",
  due: "due in the next 60 days",
  first_on: "first day",
  first_quarter: "value of the first 90 days",
  last_on: "last day",
  oldest_on: "oldest of",
  spread: "difference of the rates",
  start_day: "start date",
  worth: "worth at contract rates",
  uninvoiced_keys: "time on no invoice",
  uninvoiced_amount: "expenses and milestones on no invoice",
  unbacked_keys: "time called invoiced that no invoice bills",
  unbacked_amount: "expenses and milestones called invoiced that no invoice bills",
};

/** A field in a person's words: `start_on` is "start date". */
export function fieldWords(name: string): string {
  return (
    FIELDS[name] ??
    name
      .replace(/^raw:/, "")
      // A vendor's own marks on its field names say nothing to a person.
      .replace(/^pse__/, "")
      .replace(/^[A-Z]+\.[A-Z]([A-Z]+)$/, (_, field: string) => field.toLowerCase())
      .replace(/__c$/, "")
      .replace(/_(ref|key)$/, "")
      .replaceAll("_", " ")
  );
}

const ENTITIES: Record<string, string> = {
  rate_line: "rate line",
  time_entry: "time line",
  rate_card: "rate card",
  invoice_line: "invoice line",
};

export function entityWords(entity: string): string {
  return ENTITIES[entity] ?? entity;
}

export const STATUS_WORDS: Record<string, string> = {
  suspected: "Seen once, waiting for a second look",
  open: "Open",
  acknowledged: "In progress",
  snoozed: "Snoozed",
  waived: "Waived",
  shadow: "In shadow",
  absorbed: "Symptom of another",
  resolved: "Resolved",
  cleared: "Gone before it was opened",
};

/** `replaced`: another version is in force. */
export const RULE_STATE_WORDS: Record<string, string> = {
  draft: "Draft",
  simulated: "Simulated",
  shadow: "In shadow",
  active: "Active",
  retired: "Retired",
  replaced: "Replaced",
};

export const SEVERITY_WORDS: Record<string, string> = { 1: "Critical", 2: "High", 3: "Medium", 4: "Low" };

export const BLOCKING_WORDS: Record<string, string> = {
  hard: "Blocks the invoice",
  soft: "May hold up the invoice",
  no: "Blocks nothing",
};

/** The same in a column headed “Blocks”. */
export const BLOCKED_WORDS: typeof BLOCKING_WORDS = {
  hard: "the invoice",
  soft: "perhaps the invoice",
  no: "nothing",
};

/** What is blocked now by an exception, or by a rule's exceptions: nothing while the rule is in shadow or retired. */
export function blockingNow(status: string, blocking: string): string {
  return status === "shadow" || status === "retired" ? "no" : blocking;
}

export const EVENT_WORDS: Record<string, string> = {
  suspected: "Seen for the first time",
  opened: "Opened",
  seen: "Still there",
  changed: "Changed",
  reopened: "Opened again",
  resolved: "Resolved",
  acknowledged: "Taken up",
  assigned: "Assigned",
  commented: "Comment",
  snoozed: "Snoozed",
  waived: "Waived",
  woke: "Back from snooze",
  absorbed: "Explained by another exception",
  cleared: "Gone before it was opened",
};

export const PUSH_EVENT_WORDS: Record<string, string> = {
  requested: "Requested",
  approved: "Approved",
  refused: "Refused",
  started: "Writing began",
  applied: "Written",
  already_right: "Was right already; nothing written",
  conflict: "Not written: the value had moved",
  rejected: "Not written: the system refused",
  unknown: "Outcome unknown",
  verified: "Verified: read back, and the rule passes",
  unconfirmed: "Not seen again in time",
  withdrawn: "Withdrawn or lapsed",
};

export const RUN_WORDS: Record<string, string> = {
  clean: "Nothing differs",
  exceptions: "Differences found",
  inconclusive: "Could not be judged",
  failed: "Failed",
  not_applicable: "Not compared",
};

const ACTIONS: Record<string, string> = { update: "Correct", create: "Create", delete: "Remove" };

/** What a push does: "Correct the rate line in NetSuite". */
export function pushWords(action: string, entity: string, system: string): string {
  return `${ACTIONS[action] ?? action} the ${entityWords(entity)} in ${system}`;
}
