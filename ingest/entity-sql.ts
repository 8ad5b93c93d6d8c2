/**
 * The statements that are the same for every canonical entity, written out for one of them. Their text is made of the names in
 * core/entities.ts alone; every value is a parameter.
 */
import { z } from "zod";
import { type Entity, keyColumn } from "#core/entities";
import { compiledQuery } from "#sql/query";
import { entityColumns, entityRow } from "#sql/tables";

/** The live rows of some records under some keys. */
export function rowsUnderKeys(entity: Entity) {
  return compiledQuery({
    name: `ingest.rows-under-keys.${entity}`,
    sql: `SELECT ${entityColumns(entity).join(", ")}
FROM ${entity} FINAL
WHERE role = {role:String} AND k IN (SELECT cityHash64(arrayJoin({keys:Array(String)})))
  AND source_id = {source_id:String} AND native_id IN {native_ids:Array(String)} AND is_deleted = 0`,
    params: z.object({
      role: z.string(),
      source_id: z.string(),
      keys: z.array(z.string()),
      native_ids: z.array(z.string()),
    }),
    row: entityRow(entity),
  });
}

/** The rows of `child` whose reference does not hold the key its record has had since `since`. */
function staleRows(child: Entity, ref: string, parent: Entity): string {
  return `FROM ${child} AS c FINAL
INNER JOIN
(
  SELECT native_id, argMax(key, (version, seen_at)) AS now_key
  FROM native_key
  WHERE source_id = {source_id:String} AND entity = '${parent}'
    AND native_id IN (SELECT ${ref} FROM ${child} WHERE role = {role:String} AND source_id = {source_id:String})
    AND native_id IN (SELECT native_id FROM native_key
                      WHERE source_id = {source_id:String} AND entity = '${parent}' AND linked_at >= {since:DateTime64(3, 'UTC')})
  GROUP BY native_id
) AS link ON link.native_id = c.${ref}
WHERE c.role = {role:String} AND c.source_id = {source_id:String} AND c.${keyColumn(ref)} != link.now_key`;
}

/** Note the keys of the rows that `relinkRows` will write again. */
export function touchStaleRows(child: Entity, ref: string, parent: Entity): string {
  return `INSERT INTO touched_key (entity, seen_at, key)
SELECT '${child}', {seen_at:DateTime64(3, 'UTC')}, c.key
${staleRows(child, ref, parent)}`;
}

/** Write the rows with a stale reference again, with the same version: of equal versions the later insert wins. */
export function relinkRows(child: Entity, ref: string, parent: Entity): string {
  const columns = entityColumns(child);
  const values = columns.map((column) =>
    column === keyColumn(ref)
      ? "link.now_key"
      : column === "seen_at"
        ? "{seen_at:DateTime64(3, 'UTC')}"
        : `c.${column}`,
  );
  return `INSERT INTO ${child} (${columns.join(", ")})
SELECT ${values.join(", ")}
${staleRows(child, ref, parent)}`;
}

/** One source's rows of an entity that come from some of its streams and were not written since `before`. */
const leftOver = (entity: Entity) => `FROM ${entity} AS c FINAL
WHERE c.role = {role:String} AND c.source_id = {source_id:String} AND c.is_deleted = 0 AND c.seen_at < {before:DateTime64(3, 'UTC')}
  AND c.raw_id IN (SELECT raw_id FROM raw_record WHERE source_id = {source_id:String} AND stream IN {streams:Array(String)})`;

export function touchLeftOver(entity: Entity): string {
  return `INSERT INTO touched_key (entity, seen_at, key)
SELECT '${entity}', {seen_at:DateTime64(3, 'UTC')}, c.key
${leftOver(entity)}`;
}

/** End the rows that a replay no longer gave. */
export function endLeftOver(entity: Entity): string {
  const columns = entityColumns(entity);
  const values = columns.map((column) =>
    column === "is_deleted" ? "1" : column === "seen_at" ? "{seen_at:DateTime64(3, 'UTC')}" : `c.${column}`,
  );
  return `INSERT INTO ${entity} (${columns.join(", ")})
SELECT ${values.join(", ")}
${leftOver(entity)}`;
}
