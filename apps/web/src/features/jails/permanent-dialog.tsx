import type { SettingChange, SettingsPreview } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createEffect, createSignal, type JSX, on } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { describeActivity } from '../../lib/activity.ts'
import { useLive } from '../../live/live-store.tsx'
import { toast } from '../../ui/toast.tsx'
import { ChangeDialog, createApplying } from './change-dialog.tsx'
import { IgnoreTooWide } from './ignore-too-wide.tsx'
import { type Choice, idOf, inputOf, type TuneChanges } from './permanent-input.ts'
import { PermanentPreview } from './permanent-preview.tsx'
import { jailQueries } from './queries.ts'
import { useUndoableChange } from './undo-change.ts'

/** The values are written; what can lock people out is confirmed by the page. */
const saved = { permanent: true, provisional: true } as const

/** Makes settings of a jail permanent: shows what is written and what changes, then does it. */
export function PermanentDialog(props: {
  name: string
  changes: TuneChanges
  onClose: () => void
  /** the values are written and in effect */
  onApplied: () => void
}): JSX.Element {
  const api = useApi()
  const live = useLive()
  const client = useQueryClient()
  const [choices, setChoices] = createSignal<Readonly<Record<string, Choice>>>({})
  // an entry that is written as well is no longer a difference, but stays on screen
  const [temporary, setTemporary] = createSignal<readonly SettingChange[]>([])
  // a very wide network is ignored anyway
  const [force, setForce] = createSignal(false)
  const input = () => ({
    name: props.name,
    ...inputOf(props.changes, temporary(), choices()),
    force: force(),
  })
  const preview = useQuery(() => jailQueries.previewUpdate(api, input()))
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
  const undoable = useUndoableChange()
  const applying = createApplying(
    () => api.jails.update.mutate({ ...input(), ...saved, operationId: undoable.begin(props.name) }),
    async (result) => {
      toast({
        tone: result.output === null ? 'ok' : 'warning',
        title: `${props.name} is changed`,
        text: result.output ?? 'The configuration file was changed.',
        action: undoable.actionAfter(result),
      })
      await client.invalidateQueries({ queryKey: ['jails'] })
      props.onApplied()
      props.onClose()
    },
    () => props.onClose(),
  )
  const tooWide = () => {
    const { reason, message } = describeError(preview.error)
    return preview.isError && reason === 'ignore_too_wide' ? message : undefined
  }
  return (
    <ChangeDialog<SettingsPreview>
      title={`Make settings of ${props.name} permanent`}
      name={props.name}
      query={preview}
      preview={preview.data}
      applying={applying}
      verb={preview.data?.loads ? 'Write and load' : 'Write'}
      unavailable={
        (preview.isFetching && 'Testing the change') ||
        (applying.busy() ? undefined : describeActivity(live.runtime))
      }
      onClose={() => props.onClose()}
      failure={
        tooWide() === undefined ? undefined : (
          <IgnoreTooWide why={tooWide() ?? ''} onInsist={() => setForce(true)} />
        )
      }
    >
      {(known) => (
        <PermanentPreview
          preview={known()}
          temporary={temporary()}
          choices={choices()}
          applying={applying.busy()}
          onChoose={(change, choice) => setChoices({ ...choices(), [idOf(change)]: choice })}
        />
      )}
    </ChangeDialog>
  )
}
