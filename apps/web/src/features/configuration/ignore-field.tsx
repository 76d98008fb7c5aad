import { showHidden } from '@bangui/shared'
import Undo2 from 'lucide-solid/icons/undo-2'
import X from 'lucide-solid/icons/x'
import { createSignal, For, type JSX, Show, untrack } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { formatList } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { configQueries } from './queries.ts'
import type { FieldContext } from './field-context.ts'
import styles from './fields.module.css'
import { coveredBy, ignoreKindOf, type IgnoreKind, splitIgnores, whyNotIgnored } from './ignore-words.ts'

export type IgnoreFieldProps = {
  value: string
  problem: string | undefined
  context: FieldContext
  onChange: (value: string) => void
}

interface Entry {
  readonly word: string
  readonly isRemoved: boolean
}

const kindWords: Readonly<Record<IgnoreKind, string | undefined>> = {
  address: undefined,
  network: 'network',
  name: 'host name, which fail2ban looks up in DNS',
  file: 'addresses in a file',
  reference: 'from another option',
  other: undefined,
}

/** The list of addresses that are never banned, entry by entry. */
export function IgnoreField(props: IgnoreFieldProps): JSX.Element {
  const api = useApi()
  const own = useQuery(() => configQueries.ownAddresses(api))
  // what is typed leads from here on
  const start = untrack(() => props.value)
  const separator = start.includes('\n') ? '\n' : ' '
  const [entries, setEntries] = createSignal<readonly Entry[]>(
    splitIgnores(start).map((word) => ({ word, isRemoved: false })),
  )
  const kept = (list: readonly Entry[]) => list.filter(({ isRemoved }) => !isRemoved).map(({ word }) => word)
  const change = (next: readonly Entry[]) => {
    setEntries(next)
    props.onChange(kept(next).join(separator))
  }
  const toggle = (entry: Entry) =>
    change(entries().map((each) => (each === entry ? { ...each, isRemoved: !each.isRemoved } : each)))
  const add = (word: string) =>
    change([...entries().filter((each) => each.word !== word), { word, isRemoved: false }])
  const client = () => own.data?.client
  const isCovered = (address: string) => kept(entries()).some((word) => coveredBy(word, [address]).length > 0)
  return (
    <div class={styles['stack']}>
      <Show
        when={entries().length > 0}
        fallback={<p class={styles['note']}>The list is empty: every address can be banned.</p>}
      >
        <ul class={styles['items']} aria-label="Entries that are never banned">
          <For each={entries()}>
            {(entry) => (
              <li class={styles['item']}>
                <div class={styles['line']}>
                  <code class={styles['code']} data-removed={entry.isRemoved ? '' : undefined}>
                    {showHidden(entry.word)}
                  </code>
                  <Marks word={entry.word} client={client()} machine={own.data?.machine ?? []} />
                  <span class={styles['tools']}>
                    <Show
                      when={entry.isRemoved}
                      fallback={
                        <IconButton
                          size="sm"
                          label={`Remove ${showHidden(entry.word)}`}
                          icon={<X />}
                          onClick={() => toggle(entry)}
                        />
                      }
                    >
                      <IconButton
                        size="sm"
                        label={`Keep ${showHidden(entry.word)}`}
                        icon={<Undo2 />}
                        onClick={() => toggle(entry)}
                      />
                    </Show>
                  </span>
                </div>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <AddWord words={kept(entries())} mayRunAll={props.context.sources.write === 'all'} onAdd={add} />
      <Show when={client()}>
        {(address) => (
          <Show when={!isCovered(address())}>
            <p class={styles['note']}>
              Your own address is not in this list.{' '}
              <Button size="sm" variant="ghost" onClick={() => add(address())}>
                Add {address()}
              </Button>
            </p>
          </Show>
        )}
      </Show>
      <p class={styles['error']} aria-live="polite">
        {props.problem}
      </p>
    </div>
  )
}

function Marks(props: { word: string; client: string | undefined; machine: readonly string[] }): JSX.Element {
  const isYou = () => props.client !== undefined && coveredBy(props.word, [props.client]).length > 0
  const here = () => coveredBy(props.word, props.machine)
  const kind = () => kindWords[ignoreKindOf(props.word)]
  return (
    <>
      <Show when={isYou()}>
        <Badge tone="info">your address</Badge>
      </Show>
      <Show when={here().length > 0}>
        <Badge tooltip={formatList(here())}>this machine</Badge>
      </Show>
      <Show when={kind()}>
        <span class={styles['small']}>{kind()}</span>
      </Show>
    </>
  )
}

function AddWord(props: {
  words: readonly string[]
  mayRunAll: boolean
  onAdd: (word: string) => void
}): JSX.Element {
  const [typed, setTyped] = createSignal('')
  const problem = () => {
    const word = typed().trim()
    return word === '' ? undefined : whyNotIgnored(word, { words: props.words, mayRunAll: props.mayRunAll })
  }
  const add = () => {
    if (typed().trim() === '' || problem() !== undefined) return
    props.onAdd(typed().trim())
    setTyped('')
  }
  return (
    <div
      class={styles['withButton']}
      data-labelled=""
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || typed().trim() === '') return
        // the entry is added, and the form stays open
        event.preventDefault()
        add()
      }}
    >
      <TextField
        label="Add an address, a network or a host name"
        mono
        value={typed()}
        error={problem()}
        onChange={setTyped}
      />
      <Button onClick={add}>Add</Button>
    </div>
  )
}
