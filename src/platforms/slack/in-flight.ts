// Work that several ask for at the same moment, and that is done once for all of them.

/** Does the work, unless that of the same key is being done: then whoever asks gets what comes of it. */
export type InFlight<T> = (key: string, work: () => Promise<T>) => Promise<T>

/** One at a time for each key. Nothing is kept: whoever asks after the end begins anew. */
export function inFlight<T>(): InFlight<T> {
  const running = new Map<string, Promise<T>>()
  return (key, work) => {
    const known = running.get(key)
    if (known) return known
    const begun = work().finally(() => running.delete(key))
    running.set(key, begun)
    return begun
  }
}
