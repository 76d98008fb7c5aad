import type { LogLine } from '@bangui/shared'
import { createEffect, createSignal, onCleanup } from 'solid-js'
import type { Api } from '../../api/client.ts'
import { describeError } from '../../api/errors.ts'

/** Which log is followed. */
export type LogChoice = { log?: string; journal?: string; jail?: string }

/** A line on the page. */
export type ShownLine = LogLine & { readonly key: number }

/** Why failures in the newest lines are not marked; null: they are. */
export type Unmarked = 'other_tab' | 'busy' | 'failed' | null

/** How many lines the page keeps. */
const MAX_LINES = 2000
const FIRST_LINES = 300
const RETRY_MS = 3000

/**
 * Follows a log while the page is open, and begins anew when another one is chosen or the stream broke off. While it is paused,
 * new lines are only counted, and shown when it goes on.
 */
export function createLogStream(api: Pick<Api, 'config'>, choice: () => LogChoice | undefined) {
  const [lines, setLines] = createSignal<readonly ShownLine[]>([])
  const [held, setHeld] = createSignal<readonly ShownLine[]>([])
  const [isPaused, setPaused] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()
  const [unmarked, setUnmarked] = createSignal<Unmarked>(null)
  const [isLoading, setLoading] = createSignal(true)
  const [attempt, setAttempt] = createSignal(0)
  let nextKey = 0

  const add = (found: readonly LogLine[]) => {
    const shown = found.map((line) => ({ ...line, key: nextKey++ }))
    if (isPaused()) setHeld((before) => [...before, ...shown].slice(-MAX_LINES))
    else setLines((before) => [...before, ...shown].slice(-MAX_LINES))
  }
  const clear = () => {
    setLines([])
    setHeld([])
  }

  createEffect(() => {
    const input = choice()
    attempt()
    if (input === undefined) return
    setLoading(true)
    setUnmarked(null)
    let retry: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const again = () => {
      // a stream that is unsubscribed completes as well
      if (!isOver) retry = setTimeout(() => setAttempt((before) => before + 1), RETRY_MS)
    }
    const stream = api.config.followLog.subscribe(
      { ...input, limit: FIRST_LINES },
      {
        onData(batch) {
          setLoading(false)
          setProblem(batch.problem ?? undefined)
          if (batch.lines.length > 0) setUnmarked(batch.unmarked)
          if (batch.begins || batch.restarted) clear()
          add(batch.lines)
        },
        onError(error) {
          setLoading(false)
          setProblem(describeError(error).message)
          again()
        },
        onComplete: again,
      },
    )
    onCleanup(() => {
      isOver = true
      clearTimeout(retry)
      stream.unsubscribe()
    })
  })

  const pause = (paused: boolean) => {
    setPaused(paused)
    if (paused) return
    setLines((before) => [...before, ...held()].slice(-MAX_LINES))
    setHeld([])
  }
  return { lines, unmarked, waiting: () => held().length, isPaused, pause, problem, isLoading }
}
