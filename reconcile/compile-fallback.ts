/**
 * Fallback → SQL: for records of one side whose key finds no partner, the records of the other side that are probably the same, by each
 * way there is. Every name in it is checked, and a side's role is a constant of the comparison; keys are parameters.
 */
import { z } from "zod";
import { chInt, chString, compiledQuery } from "#sql/query";
import {
  ALIKE_PCT,
  type Comparison,
  checkName,
  type Fallback,
  type FallbackWay,
  type SideName,
} from "./comparison.ts";

/** A letter's accents, case and punctuation do not count between names. */
const spelled = (column: string) =>
  `trimBoth(replaceRegexpAll(lowerUTF8(replaceRegexpAll(normalizeUTF8NFKD(replaceAll(${column}, '&', ' and ')), '\\\\p{Mn}', '')), '[^\\\\p{L}\\\\p{N}]+', ' '))`;
const inOrder = (column: string) => `arrayStringConcat(arraySort(splitByChar(' ', ${column})), ' ')`;
const numbers = (column: string) => `arraySort(extractAll(${column}, '[0-9]+'))`;
const lettersAndDigits = (column: string) =>
  `upperUTF8(replaceRegexpAll(normalizeUTF8NFKC(${column}), '[^\\\\p{L}\\\\p{N}]', ''))`;

const SHOWN = ["entity", "source_id", "native_id", "key", "link_key", "called"] as const;

/** How many pairs are looked at. Where there are more, none of them is the one. */
export const MOST_PAIRS = 200;

const KEYS = "k IN (SELECT cityHash64(arrayJoin({keys:Array(String)}))) AND key IN {keys:Array(String)}";

/** The other side of a comparison. */
export const across = (side: SideName): SideName => (side === "left" ? "right" : "left");

/**
 * One row per way and pair: a record of `from` under one of the keys, and one of the other side that is alike and not its partner.
 */
export function pairsSql(comparison: Comparison, fallback: Fallback, from: SideName): string {
  const to = across(from);
  const [ours, theirs] = [checkName(fallback[from]), checkName(fallback[to])];
  const [ourRole, theirRole] = [checkName(comparison[from].role), checkName(comparison[to].role)];
  const about = fallback.about
    ? `[${fallback.about.map(checkName).join(", ")}]`
    : "CAST([] AS Array(String))";
  const narrow = narrowSql(fallback, ourRole, theirRole);
  const selects = fallback.ways.map((way, n) => {
    const columns = columnsOf(way);
    const side = (view: string, where: string) => `
      SELECT
        ${SHOWN.join(",\n        ")},
        ${about} AS about${columns.map(({ name, sql }) => `,\n        ${sql} AS ${name}`).join("")}
      FROM ${view}
      WHERE ${where}`;
    const equal = [...(way.same ?? []).map((c) => `same_${c}`), ...(way.code ? ["bare_code"] : [])];
    const where = [
      ...equal.map((c) => `a.${c} != ''`),
      ...(equal.length === 0 ? [] : equal.map((c) => `a.${c} = c.${c}`)),
      ...(way.agree ? ["(a.agree = '' OR c.agree = '' OR a.agree = c.agree)"] : []),
      ...(way.alike
        ? ["a.spelling != ''", "c.spelling != ''", "a.numbers = c.numbers", `pct >= ${ALIKE_PCT}`]
        : []),
      "a.link_key != c.link_key",
    ];
    return `
  SELECT
    ${n} AS way,
    pairs.*
  FROM
  (
    SELECT
      a.key AS of_key,
      a.source_id AS of_source_id,
      a.native_id AS of_native_id,
      a.entity AS of_entity,
      a.called AS of_called,
      a.about AS of_about,
      c.entity AS entity,
      c.source_id AS source_id,
      c.native_id AS native_id,
      c.key AS key,
      c.link_key AS link_key,
      c.called AS called,
      c.about AS about,
      ${way.code ? "c.shown_code" : "''"} AS shown,
      ${way.alike ? "toInt32(floor(100 * greatest(jaroWinklerSimilarity(a.spelling, c.spelling), jaroWinklerSimilarity(a.words, c.words))))" : "toInt32(100)"} AS pct
    FROM
    (${side(ours, `role = '${ourRole}' AND ${KEYS}`)}
    ) AS a
    ${equal.length === 0 ? "CROSS JOIN" : "INNER JOIN"}
    (${side(theirs, `role = '${theirRole}'${narrow}`)}
    ) AS c${equal.length === 0 ? "" : ` ON ${equal.map((c) => `a.${c} = c.${c}`).join(" AND ")}`}
    WHERE ${where.join(" AND ")}
  ) AS pairs`;
  });
  return `SELECT *
FROM
(${selects.join("\n  UNION ALL")}
)
ORDER BY way, pct DESC, of_native_id, native_id
LIMIT ${MOST_PAIRS}`;
}

/** The records of a side that go by one of these link keys: who has a partner already. */
export function partnersSql(comparison: Comparison, fallback: Fallback, side: SideName): string {
  return `SELECT
  link_key,
  native_id,
  source_id,
  called
FROM ${checkName(fallback[side])}
WHERE role = '${checkName(comparison[side].role)}'
  AND link_k IN (SELECT cityHash64(arrayJoin({keys:Array(String)}))) AND link_key IN {keys:Array(String)} AND link_key != ''
ORDER BY link_key, source_id, native_id
LIMIT 1 BY link_key`;
}

/** What a way compares, by the name it has in a pair. */
function columnsOf(way: FallbackWay): { name: string; sql: string }[] {
  return [
    ...(way.same ?? []).map((c) => ({ name: `same_${checkName(c)}`, sql: c })),
    ...(way.code
      ? [
          { name: "shown_code", sql: checkName(way.code) },
          { name: "bare_code", sql: lettersAndDigits(way.code) },
        ]
      : []),
    ...(way.agree ? [{ name: "agree", sql: checkName(way.agree) }] : []),
    ...(way.alike
      ? [
          { name: "spelling", sql: spelled(checkName(way.alike)) },
          { name: "words", sql: inOrder("spelling") },
          { name: "numbers", sql: numbers("spelling") },
        ]
      : []),
  ];
}

/** Rows under the same columns as ours, found without putting together what is newest of all the others. */
function narrowSql({ narrow }: Fallback, ourRole: string, theirRole: string): string {
  if (!narrow) return "";
  const columns = narrow.columns.map(checkName).join(", ");
  const table = checkName(narrow.table);
  return ` AND k IN
      (
        SELECT k
        FROM ${table}
        WHERE role = '${theirRole}' AND (${columns}) IN
        (
          SELECT ${columns}
          FROM ${table}
          WHERE role = '${ourRole}' AND ${KEYS}
        )
      )`;
}

const keysOnly = z.object({ keys: z.array(z.string()) });

export function pairsQuery(comparison: Comparison, fallback: Fallback, from: SideName) {
  return compiledQuery({
    name: `fallback.${comparison.id}.${from}`,
    sql: pairsSql(comparison, fallback, from),
    params: keysOnly,
    row: z.object({
      way: chInt,
      of_entity: chString,
      of_key: chString,
      of_source_id: chString,
      of_native_id: chString,
      of_called: chString,
      of_about: z.array(chString),
      entity: chString,
      source_id: chString,
      native_id: chString,
      key: chString,
      link_key: chString,
      called: chString,
      about: z.array(chString),
      shown: chString,
      pct: chInt,
    }),
  });
}

export function partnersQuery(comparison: Comparison, fallback: Fallback, side: SideName) {
  return compiledQuery({
    name: `fallback.${comparison.id}.partners`,
    sql: partnersSql(comparison, fallback, side),
    params: keysOnly,
    row: z.object({ link_key: chString, native_id: chString, source_id: chString, called: chString }),
  });
}
