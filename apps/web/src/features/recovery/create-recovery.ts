import type { PendingRecovery } from '@bangui/shared'
import { createEffect, createMemo, createSignal, onCleanup, untrack } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError, type Problem } from '../../api/errors.ts'
import { isRollingBack } from '../../lib/activity.ts'
import { useNow } from '../../lib/clock.ts'
import { useLive } from '../../live/live-store.tsx'
import type { ChangeKind, RecoveryPhase } from './recovery-words.ts'

/** A recovery counts once fail2ban has been up for this long: a crashing one that a supervisor restarts goes up and down. */
const CONFIRM_AFTER_MS = 10_000

/** Returns the state of the recovery and the actions that it allows. */
export function createRecovery() {
  const live = useLive()
  const api = useApi()
  const [doing, setDoing] = createSignal<'rollback' | 'dismiss'>()
  const [problem, setProblem] = createSignal<Problem>()
  const pending = () => live.runtime?.pendingRecovery ?? undefined
  const progress = () => live.runtime?.recovery ?? undefined
  const settled = createSettled()

  const phase = createMemo((): RecoveryPhase | undefined => {
    const record = pending()
    if (isRollingBack(live.runtime)) return 'rolling'
    if (!record) return undefined
    if (record.recovered) return settled() ? 'recovered' : 'settling'
    return progress()?.step === 'failed' ? 'failed' : 'open'
  })

  const run = async (what: 'rollback' | 'dismiss') => {
    setDoing(what)
    setProblem(undefined)
    try {
      await api.recovery[what].mutate()
    } catch (error) {
      const described = describeError(error)
      // the stream reports how a rollback failed, with its steps
      if (progress()?.step !== 'failed') setProblem(described)
    } finally {
      setDoing(undefined)
    }
  }
  return { pending, progress, phase, doing, problem, kind: createKind(pending), run }
}

/** Returns whether fail2ban has been up long enough, by the server's clock or by the browser's: the two may differ. */
function createSettled(): () => boolean {
  const live = useLive()
  const now = useNow()
  const [seen, setSeen] = createSignal<{ since: number | null; at: number }>({ since: null, at: 0 })
  createEffect(() => {
    const since = live.runtime?.onlineSince ?? null
    if (since !== untrack(seen).since) setSeen({ since, at: Date.now() })
  })
  return () => {
    const since = live.runtime?.onlineSince ?? null
    if (since === null) return false
    const checkedAt = live.runtime?.serverStatus.checkedAt ?? since
    return (
      checkedAt - since >= CONFIRM_AFTER_MS ||
      (seen().since === since && now() - seen().at >= CONFIRM_AFTER_MS)
    )
  }
}

/** How much older than the record the list of jails may be. */
const LIST_DELAY_MS = 2_000

const kinds = {
  activated: 'activated',
  deactivated: 'deactivated',
  edited: 'changed',
  started: 'started',
  stopped: 'stopped',
  reloaded: 'reloaded',
} as const satisfies Record<NonNullable<PendingRecovery['kind']>, ChangeKind>

/** Returns the kind of the change: as recorded, else as in the configuration until a rollback begins. */
function createKind(pending: () => PendingRecovery | undefined): () => ChangeKind {
  const live = useLive()
  const [fresh, setFresh] = createSignal(false)
  const id = () => pending()?.detectedAt
  createEffect(() => {
    setFresh(false)
    if (id() === undefined) return
    const timer = setTimeout(() => setFresh(true), LIST_DELAY_MS)
    onCleanup(() => clearTimeout(timer))
  })
  return createMemo<ChangeKind>((before) => {
    const record = pending()
    if (record?.kind !== undefined) return kinds[record.kind]
    if (!record || record.recovered || live.runtime?.recovery) return before
    const jail = live.jails?.find((each) => each.name === record.jailName)
    return fresh() && jail && !jail.enabled ? 'deactivated' : 'activated'
  }, 'activated')
}
