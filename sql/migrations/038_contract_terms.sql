-- How work under a contract is billed and paid: cap, discount, terms, purchase order.
ALTER TABLE contract
  ADD COLUMN IF NOT EXISTS billing_type LowCardinality(String),
  ADD COLUMN IF NOT EXISTS cap Nullable(Decimal(18, 4)),
  ADD COLUMN IF NOT EXISTS discount_pct Nullable(Decimal(18, 4)),
  ADD COLUMN IF NOT EXISTS payment_terms String,
  ADD COLUMN IF NOT EXISTS is_po_required UInt8,
  ADD COLUMN IF NOT EXISTS po_number String
