import type { ConfigApplied } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError, type Problem } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { toast } from '../../ui/toast.tsx'
import { createProgress } from './create-progress.ts'
import { describeFirewall } from './describe-firewall.ts'
import type { Draft } from './draft.ts'
import { configQueries } from './queries.ts'
import { rememberTest } from './tested-messages.ts'

/** Returns the preview of a draft, and what applies it; calls `onApplied` once fail2ban has accepted it. */
export function createReview(draft: Draft, onApplied: () => void) {
  const api = useApi()
  const client = useQueryClient()
  const edits = () => [...draft.edits()]
  const preview = useQuery(() => ({ ...configQueries.preview(api, edits()), enabled: edits().length > 0 }))
  const [note, setNote] = createSignal('')
  const [ignoresFailed, setIgnoresFailed] = createSignal(false)
  const [isBusy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const [refused, setRefused] = createSignal<string>()
  const progress = createProgress()
  const [isProvisional, setProvisional] = createSignal(false)
  const [compares, setCompares] = createSignal(false)

  const accepted = (result: ConfigApplied) => {
    draft.clear()
    const { id, provisional, output } = result
    if (provisional && id !== null) {
      progress.wait(id, result)
      return
    }
    const firewall = describeFirewall(result.firewall ?? [])
    toast({
      tone: output || firewall.isAmiss ? 'warning' : 'ok',
      title: 'The configuration was changed',
      text: [output, firewall.text].filter(Boolean).join(' ') || 'BanGUI watches fail2ban for 60 seconds.',
    })
    onApplied()
  }

  const apply = async () => {
    setBusy(true)
    try {
      const text = note().trim()
      const operationId = createOperationId()
      setProvisional(known()?.confirmWithin !== null)
      setCompares(known()?.load.restart === true || (known()?.load.restartJails ?? []).length > 0)
      progress.begin(operationId)
      const input = {
        edits: edits(),
        operationId,
        ignoreFailedTests: ignoresFailed(),
        ...(text !== '' && { note: text }),
      }
      const result = await api['config.apply'].mutate(input)
      await client.invalidateQueries({ queryKey: ['config'] })
      if (result.applied) accepted(result)
      else setRefused(result.output ?? '')
    } catch (error) {
      setProblem(describeError(error))
    } finally {
      setBusy(false)
    }
  }

  /** undefined: fail2ban tests the draft right now */
  const known = () => (preview.isFetching ? undefined : preview.data)
  rememberTest(draft, () => known()?.messages)
  const testsStop = () => !ignoresFailed() && known()?.filterTests.some(({ passed }) => !passed) === true
  const mayApply = () =>
    known()?.ok === true &&
    !testsStop() &&
    !preview.isError &&
    problem() === undefined &&
    refused() === undefined
  return {
    edits,
    preview,
    known,
    note,
    setNote,
    ignoresFailed,
    setIgnoresFailed,
    isBusy,
    problem,
    refused,
    progress,
    isProvisional,
    compares,
    apply,
    mayApply,
  }
}

export type Review = ReturnType<typeof createReview>
