-- Whether an invoice was voided, the order it names, the tax in it.
ALTER TABLE invoice
  ADD COLUMN IF NOT EXISTS is_void UInt8,
  ADD COLUMN IF NOT EXISTS po_number String,
  ADD COLUMN IF NOT EXISTS tax Nullable(Decimal(18, 4))
