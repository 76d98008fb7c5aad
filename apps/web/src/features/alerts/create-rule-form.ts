import {
  AddAlertRuleInput,
  type AlertRuleKind,
  alertRuleKinds,
  AlertRuleSettings,
  defaultsOf,
  type ListedAlertRule,
} from '@bangui/shared'
import { createMemo, createSignal } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'

/** The numbers of a rule, which are text while they are typed. */
const numbers = ['threshold', 'windowSeconds', 'failAfterSeconds', 'recoverAfterSeconds'] as const
export type RuleNumber = (typeof numbers)[number]

/** The form of a rule, and saving it; nothing is lost if that fails. */
export function createRuleForm(rule: ListedAlertRule | undefined, onSaved: () => void) {
  const api = useApi()
  const first = settingsOf(rule ?? defaultsOf('bans_above'))
  const [draft, setDraft] = createStore<AlertRuleSettings>(settingsOf(first))
  const [typed, setTyped] = createStore<Record<RuleNumber, string>>(numbersOf(first))
  const [addresses, setAddresses] = createSignal(first.addresses.join('\n'))
  const [isTried, setTried] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()

  const input = () => ({
    ...draft,
    name: draft.name.trim(),
    addresses: addresses()
      .split(/[\n,;]+/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    ...Object.fromEntries(
      numbers.map((name) => [name, typed[name].trim() === '' ? Number.NaN : Number(typed[name])]),
    ),
  })
  const problems = createMemo(() => {
    const result = AddAlertRuleInput.safeParse(input())
    const found: Record<string, string> = {}
    for (const { path, message } of result.error?.issues ?? [])
      found[String(path[0])] ??= typeof path[1] === 'number' ? `Line ${path[1] + 1}: ${message}` : message
    if (draft.kind === 'address_of_interest' && input().addresses.length === 0)
      found['addresses'] ??= 'Enter at least one address or network.'
    if (draft.kind === 'sign_in' && draft.signIns.length === 0) found['signIns'] = 'Choose at least one.'
    return found
  })

  const save = async () => {
    setTried(true)
    if (busy() || Object.keys(problems()).length > 0) return
    setBusy(true)
    setProblem(undefined)
    try {
      const { kind, ...rest } = AddAlertRuleInput.parse(input())
      if (rule) await api.alerts.updateRule.mutate({ id: rule.id, ...rest })
      else await api.alerts.addRule.mutate({ kind, ...rest })
      onSaved()
    } catch (error) {
      setProblem(describeError(error).message)
    } finally {
      setBusy(false)
    }
  }

  return {
    isNew: rule === undefined,
    draft,
    change: (changed: Partial<AlertRuleSettings>) => setDraft(changed),
    /** what the kind decides begins anew; the channels stay */
    setKind: (kind: AlertRuleKind) => {
      const isOwnName = draft.name !== alertRuleKinds[draft.kind].title
      const next = {
        ...defaultsOf(kind),
        channels: [...draft.channels],
        ...(isOwnName && { name: draft.name }),
      }
      setDraft(reconcile(settingsOf(next)))
      setTyped(numbersOf(next))
    },
    typed,
    type: (name: RuleNumber, text: string) => setTyped(name, text),
    addresses,
    setAddresses,
    errorOf: (field: string) => (isTried() ? problems()[field] : undefined),
    busy,
    problem,
    save,
  }
}

export type RuleForm = ReturnType<typeof createRuleForm>

const numbersOf = (rule: AlertRuleSettings) =>
  Object.fromEntries(numbers.map((name) => [name, String(rule[name])])) as Record<RuleNumber, string>

/** Returns the settings of a rule alone, as an object of the form's own. */
const settingsOf = (rule: AlertRuleSettings): AlertRuleSettings => AlertRuleSettings.parse(rule)
