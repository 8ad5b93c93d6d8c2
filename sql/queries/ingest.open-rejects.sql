-- The rejects of a stream that are still open, with the change time of the version that was rejected.
SELECT reject.native_id AS native_id, reject.raw_id AS raw_id, raw.changed_at AS changed_at
FROM (SELECT native_id, raw_id FROM reject FINAL
      WHERE source_id = {source_id:String} AND stream = {stream:String} AND is_open = 1) AS reject
LEFT JOIN (SELECT raw_id, max(changed_at) AS changed_at FROM raw_record
           WHERE source_id = {source_id:String} AND stream = {stream:String}
             AND native_id IN (SELECT native_id FROM reject FINAL
                               WHERE source_id = {source_id:String} AND stream = {stream:String} AND is_open = 1)
           GROUP BY raw_id) AS raw ON raw.raw_id = reject.raw_id
