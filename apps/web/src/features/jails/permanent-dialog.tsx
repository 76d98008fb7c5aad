import type { SettingChange, SettingsPreview } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createEffect, createSignal, type JSX, Match, on, Show, Switch } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError, type Problem } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { describeActivity } from '../../lib/activity.ts'
import { useLive } from '../../live/live-store.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { toast } from '../../ui/toast.tsx'
import { CancelLoad, createOverdue } from './cancel-load.tsx'
import { IgnoreTooWide } from './ignore-too-wide.tsx'
import { type Choice, idOf, inputOf, type TuneChanges } from './permanent-input.ts'
import { PermanentPreview } from './permanent-preview.tsx'
import { jailQueries } from './queries.ts'
import { PreviewShape } from './switch-preview.tsx'

/** Makes settings of a jail permanent: shows what is written and what becomes different, then does it. */
export function PermanentDialog(props: {
  name: string
  changes: TuneChanges
  onClose: () => void
  /** it is written: what was typed is in effect */
  onApplied: () => void
}): JSX.Element {
  const api = useApi()
  const live = useLive()
  const client = useQueryClient()
  const [choices, setChoices] = createSignal<Readonly<Record<string, Choice>>>({})
  // what is written as well is no difference any more: it stays in sight
  const [temporary, setTemporary] = createSignal<readonly SettingChange[]>([])
  // also a very wide network is ignored
  const [force, setForce] = createSignal(false)
  const input = () => ({
    name: props.name,
    ...inputOf(props.changes, temporary(), choices()),
    force: force(),
  })
  const preview = useQuery(() => jailQueries.previewUpdate(api, input()))
  const [applying, setApplying] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const overdue = createOverdue(applying)
  createEffect(
    on(
      () => preview.data,
      (data) => {
        const known = new Set(temporary().map(idOf))
        const found = data?.changes.filter(({ kind }) => kind === 'temporary') ?? []
        if (found.some((change) => !known.has(idOf(change))))
          setTemporary([...temporary(), ...found.filter((change) => !known.has(idOf(change)))])
      },
    ),
  )
  const mayApply = () => {
    const data = preview.data
    if (!data || preview.isError || problem()) return false
    return !data.already && data.refused === null && !data.readOnly
  }
  const apply = async () => {
    setApplying(true)
    try {
      const result = await api.jails.update.mutate({ ...input(), permanent: true })
      if (!result.applied) {
        setProblem({ reason: 'unknown', message: result.output ?? 'fail2ban did not take it.' })
        return
      }
      toast({
        tone: result.output === null ? 'ok' : 'warning',
        title: `${props.name} is changed`,
        text: result.output ?? 'It is written into the configuration.',
      })
      await client.invalidateQueries({ queryKey: ['jails'] })
      props.onApplied()
      props.onClose()
    } catch (error) {
      setProblem(describeError(error))
    } finally {
      setApplying(false)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={() => props.onClose()}
      size="lg"
      locked={applying()}
      title={`Make settings of ${props.name} permanent`}
      footer={
        <>
          <Show when={applying() && overdue()}>
            <CancelLoad />
          </Show>
          <Show when={!applying()}>
            <Button onClick={() => props.onClose()}>{mayApply() ? 'Cancel' : 'Close'}</Button>
          </Show>
          <Show when={mayApply()}>
            <Button
              variant="primary"
              loading={applying()}
              unavailable={
                (preview.isFetching && 'fail2ban tests it') ||
                (applying() ? undefined : describeActivity(live.runtime))
              }
              onClick={() => void apply()}
            >
              {preview.data?.loads ? 'Write and load' : 'Write'}
            </Button>
          </Show>
        </>
      }
    >
      <Switch fallback={<PreviewShape />}>
        <Match when={problem()}>
          {(described) => <ErrorState title={`${props.name} was not changed.`} why={described().message} />}
        </Match>
        <Match when={preview.isError && !preview.isFetching}>
          <Show
            when={describeError(preview.error).reason === 'ignore_too_wide'}
            fallback={
              <ErrorState
                title="BanGUI could not work out what would happen."
                why={describeError(preview.error).message}
                onRetry={() => void preview.refetch()}
              />
            }
          >
            <IgnoreTooWide why={describeError(preview.error).message} onInsist={() => setForce(true)} />
          </Show>
        </Match>
        <Match when={preview.data}>
          {(data) => (
            <PermanentPreview
              preview={data() satisfies SettingsPreview}
              temporary={temporary()}
              choices={choices()}
              applying={applying()}
              onChoose={(change, choice) => setChoices({ ...choices(), [idOf(change)]: choice })}
            />
          )}
        </Match>
      </Switch>
    </Dialog>
  )
}
