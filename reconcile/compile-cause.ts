/**
 * Which failing parent explains a failure, in SQL: for the verdicts of a run, and for finding those whose cause has come or gone
 * although nothing touched them. Parents are looked for among the standing findings; their comparisons run first.
 */
import { InvariantError } from "#core/errors";
import type { Comparison } from "./comparison.ts";
import { type Claim, groupOf, type Parent, type Rule } from "./rule.ts";

export interface Cause {
  /** The rule that explains a finding `f`; '' when none does. */
  rule: string;
  /** The exception of that rule about the parent. */
  exceptionId: string;
}

/** SQL over a finding aliased `f` and its project, `p` of base_project. The first parent that fails counts. */
export function causeSql(rule: Rule, rules: readonly Rule[]): Cause {
  const parents = (rule.absorbedBy ?? []).map((parent) => {
    const key = parentKey(parent.on);
    const { of, claim } = claimOf(parent, rules);
    const failing = `SELECT key FROM finding_current WHERE ${claimedSql({ ...claim, kinds: [parent.kind] })}`;
    return {
      fails: `${key} IN (${failing})`,
      id: exceptionIdSql(of.id, parent.comparison, groupOf(claim), key),
      rule: of.id,
    };
  });
  if (parents.length === 0) return { rule: "''", exceptionId: "''" };
  return {
    rule: `multiIf(${parents.map((p) => `${p.fails}, '${p.rule}'`).join(", ")}, '')`,
    exceptionId: `multiIf(${parents.map((p) => `${p.fails}, ${p.id}`).join(", ")}, '')`,
  };
}

/**
 * The hashed keys of findings whose exceptions are explained by another one than they say, or no longer: what an incremental run
 * must look at again after a parent failed or was put right. Empty when no rule on the comparison has parents.
 */
export function recausedSql(comparison: Comparison, rules: readonly Rule[]): string {
  return rules
    .filter((rule) => rule.per === "key" && rule.absorbedBy !== undefined)
    .flatMap((rule) =>
      rule.claims
        .filter((claim) => claim.comparison === comparison.id)
        .map(
          (claim) => `SELECT f.k AS k
  FROM
  (
    SELECT *
    FROM finding_current
    WHERE ${claimedSql(claim)}
  ) AS f
  INNER JOIN
  (
    SELECT
      key,
      status,
      cause_id
    FROM exception
    WHERE comparison = '${comparison.id}' AND rule = '${rule.id}' AND field_group = '${groupOf(claim)}'
      AND status IN ('open', 'acknowledged', 'snoozed', 'absorbed', 'shadow')
  ) AS e ON e.key = f.key
  LEFT JOIN base_project AS p ON p.key = f.project_key
  WHERE ${causeSql(rule, rules).exceptionId} != e.cause_id`,
        ),
    )
    .join("\n  UNION ALL\n  ");
}

/** The condition on findings that a claim answers for. */
export function claimedSql(claim: Claim): string {
  return [
    `comparison = '${claim.comparison}'`,
    `kind IN (${claim.kinds.map((k) => `'${k}'`).join(", ")})`,
    ...(claim.kinds.includes("mismatch") && claim.fields
      ? [`(kind != 'mismatch' OR hasAny(differing, [${claim.fields.map((f) => `'${f}'`).join(", ")}]))`]
      : []),
    ...(claim.repeated
      ? [`(kind != 'duplicate_key' OR ${claim.repeated === "left" ? "l" : "r"}_rows > 1)`]
      : []),
  ].join(" AND ");
}

/** Whose work a finding is about, and in which legal entity: its project says so, where it names one that does. */
export const CUSTOMER_SQL = "if(f.project_key = '' OR p.customer_key = '', f.customer_key, p.customer_key)";
export const ENTITY_SQL = "if(p.legal_entity != '', p.legal_entity, f.legal_entity)";

/** What of a finding names the parent: what every finding has, or a carried column. */
function parentKey(on: Parent["on"]): string {
  if (on === "customer_key") return CUSTOMER_SQL;
  if (on === "legal_entity") return ENTITY_SQL;
  return on === "project_key" ? "f.project_key" : `f.carried['${on}']`;
}

function claimOf(parent: Parent, rules: readonly Rule[]): { of: Rule; claim: Claim } {
  const of = rules.find((r) => r.id === parent.rule);
  const claim = of?.claims.find((c) => c.comparison === parent.comparison && c.kinds.includes(parent.kind));
  if (!of || !claim)
    throw new InvariantError(
      "reconcile.bad-parent",
      `${parent.rule} does not claim ${parent.kind} of ${parent.comparison}, so nothing can be explained by it`,
    );
  return { of, claim };
}

/** exceptionId() of core/ids.ts in SQL: SHA-256 over length-prefixed parts, its first 32 hex digits. `key` is an expression. */
export function exceptionIdSql(rule: string, comparison: string, group: string, key: string): string {
  const part = (text: string) => `${Buffer.byteLength(text)}:${text}`;
  const before = `${part("exception")}${part(rule)}${part(comparison)}`;
  return `substring(lower(hex(SHA256(concat('${before}', toString(length(${key})), ':', ${key}, '${part(group)}')))), 1, 32)`;
}
