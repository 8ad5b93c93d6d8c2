-- One row per client with a signed contract that has not ended: what those contracts say of it, each as a sorted list of the different
-- values. Payment terms that name one number of days read as "30 days", however a system spells them. Takes the date of the run.
CREATE OR REPLACE VIEW base_client AS
SELECT
  customer_key AS key,
  max(base_contract.changed_at) AS signed_at,
  arraySort(groupUniqArray(toString(base_contract.legal_entity))) AS entities,
  arraySort(groupUniqArray(toString(base_contract.currency))) AS currencies,
  arraySort(groupUniqArrayIf(base_contract.payment_terms, base_contract.payment_terms != '')) AS said_terms,
  arraySort(arrayDistinct(arrayMap(t -> if(match(t, '^\\D*\\d+\\D*$'), concat(extract(t, '\\d+'), ' days'), t), said_terms))) AS terms
FROM base_contract
WHERE customer_key != '' AND (ends_on = toDate('1970-01-01') OR ends_on >= {as_of:Date})
GROUP BY customer_key
