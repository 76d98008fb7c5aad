import {
  type AlertRuleKind,
  alertRuleKinds,
  type AlertRuleSettings,
  defaultsOf,
  type ListedAlertRule,
} from '@bangui/shared'
import { createSignal } from 'solid-js'
import { createStore, reconcile, unwrap } from 'solid-js/store'
import { useApi } from '../../api/api-context.tsx'
import { createSubmit } from '../../api/create-submit.ts'
import { linesOf } from './lines-of.ts'

/** The numbers of a rule, which are text while they are typed. */
const numbers = ['threshold', 'windowSeconds', 'failAfterSeconds', 'recoverAfterSeconds'] as const
export type RuleNumber = (typeof numbers)[number]

/** The form of a rule, and saving it; nothing is lost if that fails. */
export function createRuleForm(rule: ListedAlertRule | undefined, onSaved: () => void) {
  const api = useApi()
  const first = rule ? settingsOf(rule) : defaultsOf('bans_above')
  const [draft, setDraft] = createStore<AlertRuleSettings>(first)
  const [typed, setTyped] = createStore<Record<RuleNumber, string>>(numbersOf(first))
  const [addresses, setAddresses] = createSignal(first.addresses.join('\n'))
  const input = () => ({
    ...draft,
    name: draft.name.trim(),
    addresses: linesOf(addresses()),
    ...Object.fromEntries(
      numbers.map((name) => [name, typed[name].trim() === '' ? Number.NaN : Number(typed[name])]),
    ),
  })
  const submit = createSubmit({
    fields: ['name', 'addresses', 'signIns', ...numbers],
    check: (): Record<string, string> =>
      draft.kind === 'address_of_interest' && input().addresses.length === 0
        ? { addresses: 'Enter at least one address or network.' }
        : {},
    send: async () => {
      const { kind, ...rest } = input()
      if (rule) await api.alerts.updateRule.mutate({ id: rule.id, ...rest })
      else await api.alerts.addRule.mutate({ kind, ...rest })
      onSaved()
    },
  })
  return {
    isNew: rule === undefined,
    draft,
    change: (changed: Partial<AlertRuleSettings>) => {
      setDraft(changed)
      for (const field of Object.keys(changed)) submit.forgetField(field)
    },
    /** what the kind decides begins anew; the channels stay */
    setKind: (kind: AlertRuleKind) => {
      const isOwnName = draft.name !== alertRuleKinds[draft.kind].title
      const next = {
        ...defaultsOf(kind),
        channels: [...draft.channels],
        ...(isOwnName && { name: draft.name }),
      }
      setDraft(reconcile(next))
      setTyped(numbersOf(next))
      submit.forget()
    },
    typed,
    type: (name: RuleNumber, text: string) => {
      setTyped(name, text)
      submit.forgetField(name)
    },
    addresses,
    setAddresses: (text: string) => {
      setAddresses(text)
      submit.forgetField('addresses')
    },
    submit,
  }
}

export type RuleForm = ReturnType<typeof createRuleForm>

const numbersOf = (rule: AlertRuleSettings) =>
  Object.fromEntries(numbers.map((name) => [name, String(rule[name])])) as Record<RuleNumber, string>

/** Returns the settings of a rule alone, as an object of the form's own. */
function settingsOf(rule: ListedAlertRule): AlertRuleSettings {
  const {
    id: _id,
    mutedUntil: _until,
    mutedBy: _by,
    openIncidents: _open,
    ...settings
  } = structuredClone(unwrap(rule))
  return settings
}
