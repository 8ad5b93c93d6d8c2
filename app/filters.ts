/**
 * The queue's filter: read from the URL, and written back to it. Each field falls back to its default, so that a mangled link
 * shows a page. The page, the CSV and every link to the queue use this one schema.
 */
import { z } from "zod";

/** What the status choice means in stored statuses. */
export const STATUS_CHOICES = {
  due: ["open", "acknowledged"],
  standing: ["open", "acknowledged", "snoozed"],
  open: ["open"],
  acknowledged: ["acknowledged"],
  snoozed: ["snoozed"],
  waived: ["waived"],
  resolved: ["resolved"],
  suspected: ["suspected"],
  /** What rules in shadow found: it neither blocks nor counts. */
  shadow: ["shadow"],
  symptoms: ["absorbed"],
  all: ["open", "acknowledged", "snoozed", "waived", "absorbed", "resolved", "suspected"],
} as const;
export type StatusChoice = keyof typeof STATUS_CHOICES;
const CHOICES = Object.keys(STATUS_CHOICES) as [StatusChoice, ...StatusChoice[]];

const word = z.string().trim().max(300).catch("");
const list = <T extends z.ZodType>(one: T) =>
  z.preprocess(
    (value) =>
      (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter(
        (v) => one.safeParse(v).success,
      ),
    z.array(one),
  );

export const ExceptionFilter = z.object({
  rule: list(z.string().regex(/^[A-Z]{3}-\d{2}$/)),
  severity: list(z.enum(["1", "2", "3", "4"])),
  status: z.enum(CHOICES).catch("due"),
  blocking: z.enum(["hard", "soft", "no", ""]).catch(""),
  /** A client's agreed key. */
  client: word,
  /** A project's agreed key. */
  project: word,
  entity: word,
  /** An account's name, `none` for nobody, `me`. */
  owner: word,
  text: word,
  /** Least money at stake, in the reporting currency. */
  min: z
    .string()
    .trim()
    .regex(/^\d{1,15}(\.\d{1,4})?$/)
    .catch(""),
  /** Waivers that end within this many days. */
  ends: z.enum(["7", ""]).catch(""),
});
export type ExceptionFilter = z.infer<typeof ExceptionFilter>;

const PLAIN = ["status", "blocking", "client", "project", "entity", "owner", "text", "min", "ends"] as const;

/** The filter a URL asks for. */
export function filterOf(params: URLSearchParams): ExceptionFilter {
  const plain = Object.fromEntries(PLAIN.map((name) => [name, params.get(name) ?? ""]));
  return ExceptionFilter.parse({
    ...plain,
    rule: params.getAll("rule"),
    severity: params.getAll("severity"),
  });
}
