/** What proving a push needs: reading the corrected records' streams again, and running the rule again. */
import { entitiesOf } from "#ingest/connector";
import { ingestAll } from "#ingest/run";
import type { DecideDeps } from "#reconcile/push/request";
import type { VerifyDeps } from "#reconcile/push/verify";
import { reconcile } from "#reconcile/run";

export function proofDeps(deps: DecideDeps): VerifyDeps {
  const { store, clock, config, sources } = deps;
  return {
    ...deps,
    async refresh(sourceId, entities) {
      const source = sources.find((s) => s.config.id === sourceId)?.source;
      for (const stream of source?.streams ?? [])
        if (entitiesOf(stream).some((e) => entities.includes(e)))
          await ingestAll(store, sources, { sourceId, stream: stream.name, mode: "incremental", clock });
    },
    async reconcile(rules) {
      await reconcile(store, { clock, config, sources }, { mode: "auto", rules });
    },
  };
}
