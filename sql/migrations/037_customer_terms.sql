-- Who a client belongs to, its tax number and terms, and whether it is on hold.
ALTER TABLE customer
  ADD COLUMN IF NOT EXISTS parent_ref String,
  ADD COLUMN IF NOT EXISTS parent_key String,
  ADD COLUMN IF NOT EXISTS tax_number String,
  ADD COLUMN IF NOT EXISTS payment_terms String,
  ADD COLUMN IF NOT EXISTS is_on_hold UInt8
