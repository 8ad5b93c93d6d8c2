/** One exception in full: both sides, why it is here, what it holds up, what happened, and what can be done. */
import { RequestError } from "#core/errors";
import { durationMs, sayDuration } from "#core/time";
import { comparisonById, explainRule, sayField } from "#reconcile/explain";
import { catalogueInForce } from "#reconcile/governance/catalogue";
import { sayRaised } from "#reconcile/governance/escalation";
import { sayKey } from "#reconcile/key-words";
import { pushPreview } from "#reconcile/push/preview";
import { propose } from "#reconcile/push/propose";
import { FINAL, pushList } from "#reconcile/push/state";
import { ruleById } from "#reconcile/rules/index";
import { exceptionDetail, exceptionItems } from "#sql/queries/exceptions";
import { subjectNames } from "#sql/queries/timeline";
import { activePeople } from "../auth/accounts.server.ts";
import type { Visit } from "../auth/guard.server.ts";
import { may } from "../auth/permissions.ts";
import { pushWords } from "../words.ts";
import { caseOf } from "./case.server.ts";
import { differingElsewhere } from "./elsewhere.server.ts";
import { systemNames } from "./freshness.server.ts";
import { pushSummary } from "./push-list.server.ts";
import { suggestedFor } from "./suggested.server.ts";
import { timeline } from "./timeline.server.ts";
import { aboutWhat, evidenceOf, kindWords, named, systemOf, whatIsWrong } from "./what-is-wrong.server.ts";

const ITEMS_SHOWN = 50;

/** `withPreview` reads the target system now; otherwise no other system is asked anything. */
export async function exceptionPage({ services, user }: Visit, id: string, withPreview: boolean) {
  const { store, config, sources } = services;
  const row = (await store.query(exceptionDetail, { id }))[0];
  if (!row)
    throw new RequestError("exception.unknown", `No exception ${id}`, {
      userMessage: "There is no exception with this id. The link may be mistyped.",
    });
  const [evidence = null] = await named(store, [evidenceOf(row.evidence)]);
  const systems = systemNames(services.sources);
  const inForce = await catalogueInForce(store);
  const comparison =
    inForce.comparisons.find((c) => c.id === row.comparison) ?? comparisonById(row.comparison);
  const rule = inForce.rules.find((r) => r.id === row.rule) ?? ruleById(row.rule);
  const [names, items, people, pushes, itsCase, proposed, suggested] = await Promise.all([
    store.query(subjectNames, { customer: row.customer_key, project: row.project_key }),
    store.query(exceptionItems, { id, limit: ITEMS_SHOWN }),
    activePeople(store),
    pushList(store, { exceptionId: id }),
    caseOf(store, row),
    // What is about a stream or a whole side has no record to correct.
    evidence?.detail === null ? propose(services, row) : null,
    suggestedFor(services, row),
  ]);
  const called = Object.fromEntries(people.map((p) => [p.name, p.displayName]));
  const settled = rule?.claims.find((c) => c.comparison === row.comparison);
  const { evidence: _, ...shown } = row;
  // Fields that a side does not hold were left out when this was found.
  const compared = evidence?.detail === null ? evidence.fields.map((f) => f.name) : undefined;
  const inFlight = pushes.find((p) => !FINAL.has(p.status));
  return {
    row: { ...shown, assigneeName: called[row.assignee] ?? row.assignee },
    currency: config.reporting.currency,
    wrong: whatIsWrong(row, evidence, systems),
    about: aboutWhat(evidence),
    state: kindWords(
      row.kind,
      systemOf(evidence?.left.role ?? "", systems),
      systemOf(evidence?.right.role ?? "", systems),
    ),
    evidence,
    elsewhere: evidence ? differingElsewhere(evidence) : [],
    sides: evidence ? [side(evidence.left), side(evidence.right)] : [],
    subject: names[0] ?? { customer_name: "", project_name: "", project_code: "" },
    rule: rule
      ? {
          id: rule.id,
          title: rule.title,
          because: rule.because,
          owner: rule.owner,
          version: row.rule_version,
          sentence: explainRule(rule, comparison?.id, compared, inForce.comparisons),
          raised: sayRaised(row.raised_by, config, row.legal_entity),
          // The key of an exception about a whole side or a stream is no record's.
          key: comparison && rule.per === "key" ? sayKey(comparison) : "",
          hasMoney: rule.money.basis === "money",
          tolerances: (comparison?.fields ?? [])
            .filter((f) => compared?.includes(f.name) ?? true)
            .map(sayField)
            .join(", "),
          settle: settled ? sayDuration(durationMs(settled.settle)) : "",
        }
      : null,
    items: {
      rows: items,
      shown: ITEMS_SHOWN,
      overlap: items.filter((i) => i.blocked_by !== "" && i.blocked_by !== id).length,
    },
    timeline: await timeline(services, { row, evidence, entity: comparison?.entity ?? "", pushes, called }),
    case: itsCase,
    suggested,
    pushes: pushes.map((p) => pushSummary(p, systems, called)),
    push: {
      offer:
        proposed?.kind === "ready"
          ? {
              words: pushWords(
                proposed.proposal.action,
                proposed.proposal.target.entity,
                systemOf(proposed.proposal.targetRole, systems),
              ),
              because: proposed.proposal.because,
            }
          : null,
      declined: proposed?.kind === "declined" ? proposed.reason : "",
      inFlight: inFlight ? inFlight.id : null,
      preview:
        withPreview && proposed?.kind === "ready" && !inFlight ? await pushPreview(services, id) : null,
    },
    people: people
      .filter((p) => may(p.roles, "work"))
      .map((p) => ({ name: p.name, displayName: p.displayName })),
    may: {
      work: may(user.roles, "work"),
      waive: may(user.roles, "waive"),
      requestPush: may(user.roles, "requestPush"),
    },
    me: user.name,
  };

  function side(of: NonNullable<typeof evidence>["left"]) {
    const source = sources.find((s) => s.config.id === of.sourceId);
    return {
      ...of,
      system: systemOf(of.role, systems),
      records: of.nativeIds.map((nativeId) => ({
        nativeId,
        url: source && comparison ? source.source.recordUrl(comparison.entity, nativeId) : null,
      })),
    };
  }
}
export type ExceptionPage = Awaited<ReturnType<typeof exceptionPage>>;
