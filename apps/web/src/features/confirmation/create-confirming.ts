import type { UnconfirmedChange } from '@bangui/shared'
import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useSession } from '../../auth/session.tsx'
import { useCanChange } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'

/** Times in milliseconds. */
const RETRY_MS = 1000
const REQUEST_TIMEOUT_MS = 5000

/** `own`: this session applied the change, and confirms it by itself; `others`: another one did. */
export type Confirming = {
  change: () => UnconfirmedChange | undefined
  role: () => 'own' | 'others'
  /** the confirmations show only that a proxy reaches BanGUI */
  throughProxy: () => boolean
}

/**
 * Confirms the change that waits, if the session of this page applied it: at once, and again when the server says. Each
 * request goes over a new connection, since the server closes the ones before.
 */
export function createConfirming(): Confirming {
  const live = useLive()
  const session = useSession()
  const canChange = useCanChange('config.write')
  const api = useApi()
  const [throughProxy, setThroughProxy] = createSignal(false)
  const [elsewhere, setElsewhere] = createSignal<string>()
  const change = () => live.runtime?.unconfirmedChange ?? undefined
  const ownId = createMemo(() => {
    const waiting = change()
    const isOwn = waiting !== undefined && canChange() && waiting.by === session.user()?.name
    return isOwn && waiting.id !== elsewhere() ? waiting.id : undefined
  })

  createEffect(() => {
    const id = ownId()
    if (id !== undefined) onCleanup(confirmUntilKept(id))
  })

  /** Confirms a change until it is kept, or does not wait any more. Returns what ends that. */
  const confirmUntilKept = (id: string): (() => void) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const again = (milliseconds: number) => {
      if (!isOver) timer = setTimeout(() => void confirm(), milliseconds)
    }
    const confirm = async () => {
      try {
        const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS)
        const answer = await api.config.confirm.mutate({ id }, { signal })
        setThroughProxy(answer.throughProxy)
        if (!answer.own) setElsewhere(id)
        if (!answer.kept && answer.nextInMs !== null)
          again(answer.counted ? answer.nextInMs : Math.max(answer.nextInMs, RETRY_MS / 4))
      } catch (error) {
        const { reason } = describeError(error)
        if (reason !== 'confirm_none' && reason !== 'forbidden') again(RETRY_MS)
      }
    }
    void confirm()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }
  return { change, role: () => (ownId() === undefined ? 'others' : 'own'), throughProxy }
}
