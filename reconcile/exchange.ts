/** Exchange rates: written in the configuration, kept in the store so that money is turned into the reporting currency by SQL. */
import type { PlumblineConfig } from "#core/config";
import { equal } from "#core/decimal";
import { type Clock, instantOf } from "#core/time";
import { exchangeRates, exchangeRateTable } from "#sql/queries/reconcile";
import type { Store } from "#sql/store";

/** Brings the table of exchange rates in line with the configuration. */
export async function loadExchangeRates(store: Store, clock: Clock, config: PlumblineConfig): Promise<void> {
  const stored = new Map(
    (await store.query(exchangeRates, {})).map((r) => [`${r.currency} ${r.effective_from}`, r.rate]),
  );
  const changed = config.reporting.rates.filter((r) => {
    const rate = stored.get(`${r.currency} ${r.from}`);
    return rate === undefined || !equal(rate, r.rate);
  });
  await store.insert(
    exchangeRateTable,
    changed.map((r) => ({
      currency: r.currency,
      effective_from: r.from,
      rate: r.rate,
      at: instantOf(clock.now()),
    })),
  );
}
