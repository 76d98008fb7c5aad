import type { HealthRunOutcome } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { useCan } from '../../lib/permissions.ts'
import { useLive } from '../../live/live-store.tsx'
import { Button } from '../../ui/button.tsx'

/** A run of all checks that somebody asked for. */
export type CheckRun = {
  start: () => Promise<void>
  /** how far it is; undefined: it does not run */
  progress: () => { done: number; total: number | null } | undefined
  isRunning: () => boolean
  cancel: () => Promise<void>
  /** what it has shown, until the findings change */
  outcome: () => HealthRunOutcome | undefined
  problem: () => string | undefined
}

/** Creates the run that "Check now" starts; its progress comes with the live stream. */
export function createCheckRun(): CheckRun {
  const api = useApi()
  const live = useLive()
  const client = useQueryClient()
  const [operation, setOperation] = createSignal<string>()
  const [outcome, setOutcome] = createSignal<HealthRunOutcome>()
  const revision = () => live.runtime?.health.revision ?? 0
  const [problem, setProblem] = createSignal<string>()
  const start = async () => {
    const operationId = createOperationId()
    setOperation(operationId)
    setOutcome(undefined)
    setProblem(undefined)
    try {
      setOutcome(await api.health.run.mutate({ operationId }))
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setOperation(undefined)
      void client.invalidateQueries({ queryKey: ['health'] })
    }
  }
  return {
    start,
    isRunning: () => operation() !== undefined,
    async cancel() {
      const id = operation()
      if (id === undefined) return
      try {
        await api.operations.cancel.mutate({ id })
      } catch (error) {
        setProblem(describeError(error).message)
      }
    },
    progress() {
      const id = operation()
      if (id === undefined) return undefined
      const { done = 0, total = null } = live.operations[id] ?? {}
      return { done, total }
    },
    outcome() {
      const found = outcome()
      return found && revision() <= found.revision ? found : undefined
    },
    problem,
  }
}

/** The button that runs every check now. */
export function CheckNow(props: { run: CheckRun }): JSX.Element {
  const canRun = useCan('health.write')
  return (
    <Show when={canRun()}>
      <Button size="sm" loading={props.run.isRunning()} onClick={() => void props.run.start()}>
        Check now
      </Button>
    </Show>
  )
}
