-- reconcile.sides: one row per side and kind of a comparison whose keys are missing their link or share it, with what it affects:
-- the findings of this run, and for an incremental run the standing ones it did not look at. A row without settled keys only waits.
SELECT
  side,
  of_kind,
  uniqExactIf(key, settled) AS keys,
  arraySlice(arraySort(groupUniqArrayIf(key, settled)), 1, 200) AS some_keys,
  arraySlice(arraySort(arrayFlatten(groupArrayIf(native_ids, settled))), 1, 200) AS some_native_ids,
  hex(cityHash64(arraySort(groupArrayIf((key, native_ids), settled)))) AS affected_hash
FROM
(
  SELECT
    key,
    of_kind,
    settled,
    arrayJoin(arrayFilter(s -> (s = 'left' AND (l_rows > 1 OR (of_kind = 'unlinked' AND l_rows > 0))) OR (s = 'right' AND (r_rows > 1 OR (of_kind = 'unlinked' AND r_rows > 0))), ['left', 'right'])) AS side,
    if(side = 'left', l_native_ids, r_native_ids) AS native_ids
  FROM
  (
    SELECT
      key,
      toString(settling) AS of_kind,
      kind != 'pending' AS settled,
      l_rows,
      r_rows,
      l_native_ids,
      r_native_ids
    FROM finding
    WHERE comparison = {comparison:String} AND run_id = {run_id:String} AND settling IN ('unlinked', 'duplicate_key')
    UNION ALL
    SELECT
      key,
      toString(settling) AS of_kind,
      kind != 'pending' AS settled,
      l_rows,
      r_rows,
      l_native_ids,
      r_native_ids
    FROM finding_current
    WHERE {scope:String} = 'touched' AND comparison = {comparison:String} AND settling IN ('unlinked', 'duplicate_key')
      AND k NOT IN (SELECT arrayJoin(ks) FROM find_step WHERE run_id = {run_id:String})
  )
)
GROUP BY
  side,
  of_kind
ORDER BY
  side,
  of_kind
