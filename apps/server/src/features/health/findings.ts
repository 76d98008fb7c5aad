import type { AcceptedFinding } from '@bangui/db'
import type { EndedFinding, HealthAcceptance, ListedFinding } from '@bangui/shared'
import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../lib/errors.ts'
import type { HealthDeps } from './health-deps.ts'
import { listFindings, summarise } from './describe-health.ts'
import { emitHealthEvents, eventOf, eventsOf, type FindingChange } from './health-events.ts'
import { noLevels, type HealthLevels, type LevelChanges } from './health-levels.ts'
import { createHealthStore } from './health-store.ts'

/** The findings of a host, and which of them somebody accepted. What changes is stored, shown live and an event. */
export interface Findings {
  readonly levels: () => HealthLevels
  /** Reads what was there when BanGUI ended, once; every other call needs that. */
  load(): Promise<void>
  /** Takes in the levels after a result, with what that result changed. */
  takeIn(next: HealthLevels, changes: LevelChanges): Promise<void>
  /** Ends the acceptances that are over: their findings count again. */
  endExpired(): Promise<void>
  /** Returns every finding with its evidence, the most severe first. */
  list(): ListedFinding[]
  /** Returns findings that are no longer there, the last that ended first. */
  listEnded(limit: number): Promise<EndedFinding[]>
  /** Accepts a finding: it counts no longer, until the acceptance is over. @throws AppError finding_unknown */
  accept(id: string, acceptance: HealthAcceptance): Promise<void>
  /** Takes an acceptance back. Does nothing where there is none. */
  unaccept(id: string, by: string): Promise<void>
}

type FindingsDeps = Pick<HealthDeps, 'hostDb' | 'state' | 'archive' | 'events' | 'clock' | 'log'>

/** Creates the findings of a host. `isComplete`: every check has run. */
export function createFindings(deps: FindingsDeps, isComplete: () => boolean): Findings {
  const { state, clock } = deps
  const store = createHealthStore(deps)
  const accepted = new Map<string, AcceptedFinding>()
  let levels: HealthLevels = noLevels
  let loading: Promise<void> | undefined
  let revision = 0

  const load = async () => {
    const stored = await store.load()
    levels = { ...levels, findings: new Map(stored.findings.map((finding) => [finding.id, finding])) }
    for (const one of stored.accepted) accepted.set(one.finding, one)
    await show({ isChanged: stored.findings.length > 0 })
  }

  const show = async ({ isChanged }: { readonly isChanged: boolean }) => {
    const summary = summarise(levels, accepted, { isComplete: isComplete() })
    const { revision: _before, ...before } = state.get().health
    if (!isChanged && isDeepStrictEqual(before, summary)) return
    revision += 1
    await state.update((current) => ({ ...current, health: { ...summary, revision } }))
  }

  const noteChange = async (id: string, change: Omit<FindingChange, 'at'>) => {
    await show({ isChanged: true })
    const finding = levels.findings.get(id)
    if (finding) await emitHealthEvents(deps, [eventOf(finding, { at: clock(), ...change })])
  }

  return {
    levels: () => levels,
    load: () =>
      (loading ??= load().catch((error: unknown) => {
        // the next call tries again
        loading = undefined
        throw error
      })),
    async takeIn(next, changes) {
      levels = next
      const now = clock()
      const happened = eventsOf(changes, { at: now, isAccepted: (id) => accepted.has(id) })
      for (const { id } of changes.ended) if (accepted.get(id)?.until === null) accepted.delete(id)
      await store.save(changes, now)
      const isChanged = ({ finding, before }: LevelChanges['seenAgain'][number]) =>
        !isDeepStrictEqual(finding.problem, before)
      await show({ isChanged: happened.length > 0 || changes.seenAgain.some(isChanged) })
      await emitHealthEvents(deps, happened)
    },
    async endExpired() {
      const now = clock()
      const over = [...accepted.values()].filter(({ until }) => until !== null && until <= now)
      if (over.length === 0) return
      await store.forgetExpired(now + 1)
      for (const { finding } of over) {
        accepted.delete(finding)
        await noteChange(finding, { change: 'unaccepted', accepted: false })
      }
    },
    list: () => listFindings(levels, accepted),
    listEnded: store.listEnded,
    async accept(id, acceptance) {
      if (!levels.findings.has(id)) throw new AppError('finding_unknown')
      const one = { finding: id, ...acceptance, at: clock() }
      await store.accept(one)
      accepted.set(id, one)
      await noteChange(id, { change: 'accepted', accepted: true, by: acceptance.by })
    },
    async unaccept(id, by) {
      if (!accepted.has(id)) return
      await store.unaccept(id)
      accepted.delete(id)
      await noteChange(id, { change: 'unaccepted', accepted: false, by })
    },
  }
}
