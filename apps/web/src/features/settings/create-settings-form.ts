import type { SettingInfo, UpdateSettingsInput } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError, type Problem } from '../../api/errors.ts'
import { toast } from '../../ui/toast.tsx'
import { settingsQueries } from './queries.ts'
import { changesOf, type Draft, problemOf, type RuntimeKey } from './runtime-fields.ts'

/** The content of the settings form, and saving it; nothing is lost if that fails. */
export function createSettingsForm(settings: () => readonly SettingInfo[]) {
  const api = useApi()
  const client = useQueryClient()
  const [draft, setDraft] = createSignal<Draft>({})
  const [saving, setSaving] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const [shown, setShown] = createSignal(false)

  const info = (key: RuntimeKey) => settings().find((setting) => setting.key === key)
  const value = (key: RuntimeKey) => draft()[key] ?? info(key)?.value ?? ''
  const ownProblem = (key: RuntimeKey) => {
    const typed = draft()[key]
    return typed === undefined ? undefined : problemOf(key, typed)
  }
  const errorOf = (key: RuntimeKey) =>
    (shown() ? ownProblem(key) : undefined) ?? problem()?.fieldErrors?.[key]?.[0]
  const changes = () => changesOf(draft(), settings())
  const isDirty = () => Object.keys(changes()).length > 0

  const send = async (input: UpdateSettingsInput) => {
    setSaving(true)
    setProblem(undefined)
    try {
      const stored = await api.settings.update.mutate(input)
      client.setQueryData(settingsQueries.settings(api).queryKey, stored)
      setDraft((all) => Object.fromEntries(Object.entries(all).filter(([key]) => !(key in input))))
      return true
    } catch (error) {
      setProblem(describeError(error))
      return false
    } finally {
      setSaving(false)
    }
  }

  return {
    info,
    value,
    errorOf,
    isDirty,
    saving,
    problem,
    type: (key: RuntimeKey, next: string | boolean) => setDraft((all) => ({ ...all, [key]: next })),
    showProblems: () => setShown(true),
    discard: () => {
      setDraft({})
      setProblem(undefined)
    },
    save: async () => {
      setShown(true)
      const keys = Object.keys(draft()) as RuntimeKey[]
      if (keys.some((key) => ownProblem(key) !== undefined)) return
      if (await send(changes()))
        toast({ tone: 'ok', title: 'Settings saved', text: 'They are in effect now.' })
    },
    /** removes the override; the previous value can be restored */
    reset: async (key: RuntimeKey) => {
      const before = info(key)?.value
      if (!(await send({ [key]: null }))) return
      toast({
        title: 'Setting reset',
        action: { label: 'Undo', onSelect: () => void send({ [key]: before }) },
      })
    },
  }
}
