-- What a line bills, hashed as in the item's own table, so that looking for it need not read texts. Older parts have it worked out as
-- they are read.
ALTER TABLE invoice_line
  ADD COLUMN IF NOT EXISTS item_k UInt64 MATERIALIZED cityHash64(multiIf(time_key != '', time_key, milestone_key != '', milestone_key, expense_key))
