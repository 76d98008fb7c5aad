import { type Blocklist, type BlocklistPreview, LISTS_JAIL } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createEffect, createSignal } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useLive } from '../../live/live-store.tsx'
import { toast } from '../../ui/toast.tsx'
import { createListForm } from './list-form.ts'
import { createListVerbs } from './list-verbs.ts'
import { blocklistQueries } from './queries.ts'

/** The form of a list with what it does: a preview, and saving it. `list`: undefined for a new one. */
export function createListWork(list: Blocklist | undefined, close: () => void) {
  const api = useApi()
  const client = useQueryClient()
  const live = useLive()
  const verbs = createListVerbs()
  const jails = () => (live.jails ?? []).filter(({ running }) => running).map(({ name }) => name)
  const usualJail = () => jails().find((name) => name === LISTS_JAIL) ?? ''
  const hasListsJail = () => live.jails === undefined || usualJail() !== ''
  const form = createListForm(list, usualJail)
  const [busy, setBusy] = createSignal<'preview' | 'save'>()
  const [preview, setPreview] = createSignal<BlocklistPreview>()
  const [problem, setProblem] = createSignal<{ title: string; why: string }>()
  // what was shown is about the previous content
  createEffect((before: string | undefined) => {
    const now = JSON.stringify(form.toPreview())
    if (before !== undefined && before !== now) {
      setPreview(undefined)
      setProblem(undefined)
    }
    return now
  })

  const look = async () => {
    const input = form.toPreview()
    if (!input || busy()) return
    setBusy('preview')
    setProblem(undefined)
    try {
      setPreview(await api.blocklists.preview.mutate({ ...input, ...(list && { id: list.id }) }))
    } catch (error) {
      setProblem({ title: 'The list could not be read.', why: describeError(error).message })
    } finally {
      setBusy(undefined)
    }
  }
  const save = async () => {
    const input = form.input()
    if (!input || busy()) return
    setBusy('save')
    setProblem(undefined)
    try {
      if (list) await api.blocklists.update.mutate({ ...input, id: list.id })
      else await verbs.import(await api.blocklists.add.mutate({ ...input, enabled: true }))
      toast({
        tone: 'ok',
        title: list ? `${input.name} changed` : `${input.name} added; its import begins`,
      })
      close()
    } catch (error) {
      setProblem({ title: 'The blocklist was not saved.', why: describeError(error).message })
    } finally {
      setBusy(undefined)
      void client.invalidateQueries({ queryKey: blocklistQueries.all })
    }
  }
  return { form, jails, hasListsJail, busy, preview, problem, look, save }
}
