import type { Watching } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'

/** Takes what changed of the watching into the state; nothing happens where nothing did. */
export async function setWatching(deps: Pick<HostDeps, 'state'>, change: Partial<Watching>): Promise<void> {
  const { watching } = deps.state.get()
  const keys = Object.keys(change) as (keyof Watching)[]
  if (keys.every((key) => JSON.stringify(watching[key]) === JSON.stringify(change[key]))) return
  await deps.state.update((state) => ({ ...state, watching: { ...state.watching, ...change } }))
}

/** Has the lists of bans on screen asked for again: not every correction has an event. */
export const noteCorrected = (deps: Pick<HostDeps, 'state'>): Promise<void> =>
  setWatching(deps, { corrections: deps.state.get().watching.corrections + 1 })
