// A store that is timed from outside: its write transactions as a whole, and each query that is outside of any.

import type { KyselyPlugin } from 'kysely'
import type { Metrics } from '../metrics.ts'
import type { Store } from './open.ts'

export function timed(store: Store, metrics: Metrics): Store {
  return {
    ...store,
    db: store.db.withPlugin(queryTimer((duration) => metrics.store('read', duration))),
    async write(work, options) {
      const began = performance.now()
      try {
        return await store.write(work, options)
      } finally {
        metrics.store('write', performance.now() - began)
      }
    },
  }
}

/** Times from before a query waits for a connection until its result is there. One that fails is not timed. */
function queryTimer(onDone: (duration: number) => void): KyselyPlugin {
  const began = new WeakMap<object, number>()
  return {
    transformQuery({ node, queryId }) {
      began.set(queryId, performance.now())
      return node
    },
    async transformResult({ result, queryId }) {
      const since = began.get(queryId)
      if (since !== undefined) onDone(performance.now() - since)
      return result
    },
  }
}
