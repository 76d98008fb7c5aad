import {
  findBans,
  inTimeOrder,
  type FoundAddress,
  type RegexLine,
  type RegexTestInput,
  showHidden,
} from '@bangui/shared'
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  type JSX,
  Match,
  on,
  onCleanup,
  Show,
  Switch,
} from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { formatExact, formatNumber, plural } from '../../lib/format.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import type { NewJailForm } from './create-new-jail.ts'
import styles from './new-jail.module.css'

const MAX_LOGS = 3
const MAX_LINES = 1000
const SHOWN_LINES = 8
const SHOWN_ADDRESSES = 10
/** How long the fields must be left alone before fail2ban-regex runs, in milliseconds. */
const PAUSE_MS = 500

/** The last lines that would have matched, and who would have been banned for them. */
export function JailPreview(props: { form: NewJailForm }): JSX.Element {
  const test = createPreviewTest(() => inputsOf(props.form))
  const failures = createMemo(() =>
    (test.lines() ?? []).flatMap(({ matched, at, text }) =>
      matched?.address ? [{ address: matched.address, at, text }] : [],
    ),
  )
  const found = createMemo(() => {
    const rule = props.form.rule()
    return rule === undefined ? undefined : findBans(inTimeOrder(failures()), rule)
  })
  return (
    <section class={styles['preview']} aria-label="What it would have found" aria-busy={test.isRunning()}>
      <Switch
        fallback={<p class={styles['quiet']}>Choose a log to see what the jail would have found in it.</p>}
      >
        <Match when={test.problem()}>
          {(problem) => <p class={styles['problem']}>{showHidden(problem())}</p>}
        </Match>
        <Match when={test.lines() === undefined && test.isRunning()}>
          <Skeleton lines={5} height="16px" />
        </Match>
        <Match when={test.lines()}>
          {(lines) => (
            <>
              <p class={styles['sum']} role="status">
                <strong>{plural(failures().length, 'failure')}</strong> in the last{' '}
                {plural(lines().length, 'line')}.{' '}
                <Show when={found()} fallback="Fill in the fields above to see who would have been banned.">
                  {(addresses) => <Sentence found={addresses()} />}
                </Show>
              </p>
              <Show when={failures().length > 0}>
                <Addresses found={found() ?? []} />
                <Lines lines={failures()} />
              </Show>
            </>
          )}
        </Match>
      </Switch>
    </section>
  )
}

function Sentence(props: { found: readonly FoundAddress[] }): JSX.Element {
  const banned = () => props.found.filter(({ bannedAt }) => bannedAt !== null).length
  return (
    <>
      {banned() === 0
        ? 'Nobody would have been banned.'
        : `${plural(banned(), 'address', 'addresses')} would have been banned.`}
    </>
  )
}

function Addresses(props: { found: readonly FoundAddress[] }): JSX.Element {
  return (
    <ol class={styles['addresses']} aria-label="Addresses with failures">
      <For each={props.found.slice(0, SHOWN_ADDRESSES)}>
        {({ address, failures, bannedAt }) => (
          <li class={styles['address']} data-banned={bannedAt === null ? undefined : ''}>
            <code class={styles['code']}>{showHidden(address)}</code>
            <span class={styles['quiet']}>{plural(failures, 'failure')}</span>
            <span class={styles['verdict']}>
              {bannedAt === null
                ? 'not banned'
                : bannedAt === 0
                  ? 'banned'
                  : `banned ${formatExact(bannedAt)}`}
            </span>
          </li>
        )}
      </For>
      <Show when={props.found.length > SHOWN_ADDRESSES}>
        <li class={styles['quiet']}>and {formatNumber(props.found.length - SHOWN_ADDRESSES)} more</li>
      </Show>
    </ol>
  )
}

function Lines(props: { lines: readonly { readonly text: string }[] }): JSX.Element {
  return (
    <ol class={styles['lines']} aria-label="The last matching lines" tabindex="0">
      <For each={props.lines.slice(-SHOWN_LINES)}>
        {({ text }) => <li class={styles['line']}>{showHidden(text)}</li>}
      </For>
    </ol>
  )
}

/** The tests that show what a jail would find, one for each log. */
function inputsOf(form: NewJailForm): RegexTestInput[] {
  const { from, jail, mode, source, logs, journal } = form.state()
  const filter = form.filter()
  if (filter === undefined) return []
  const subject = from === 'service' ? { jail } : { filter, ...(mode !== '' && { mode }) }
  if (source === 'journal')
    return journal.trim() === '' ? [] : [{ ...subject, journal: journal.trim(), limit: MAX_LINES }]
  return logs
    .map((path) => path.replace(/ (?:head|tail)$/, ''))
    .filter((path) => path.startsWith('/') && !/[*?]/.test(path))
    .slice(0, MAX_LOGS)
    .map((log) => ({ ...subject, log, limit: MAX_LINES }))
}

/** Runs tests one after the other, a moment after their inputs have changed. */
function createPreviewTest(inputs: () => RegexTestInput[]) {
  const api = useApi()
  const [lines, setLines] = createSignal<readonly RegexLine[]>()
  const [problem, setProblem] = createSignal<string>()
  const [isRunning, setRunning] = createSignal(false)
  const wanted = createMemo(() => JSON.stringify(inputs()))

  const run = async (list: readonly RegexTestInput[], signal: AbortSignal) => {
    setProblem(undefined)
    setRunning(list.length > 0)
    try {
      const found: RegexLine[] = []
      for (const input of list) {
        const test = await api.config.testRegex.mutate(input, { signal })
        if (test.problem !== null) throw new Error(test.problem.message)
        found.push(...test.lines)
      }
      if (signal.aborted) return
      setLines(list.length === 0 ? undefined : byTime(found))
    } catch (error) {
      if (!signal.aborted) setProblem(describeError(error).message)
    } finally {
      if (!signal.aborted) setRunning(false)
    }
  }
  createEffect(
    on(wanted, (text) => {
      const own = new AbortController()
      const timer = setTimeout(() => void run(JSON.parse(text) as RegexTestInput[], own.signal), PAUSE_MS)
      onCleanup(() => {
        clearTimeout(timer)
        own.abort()
      })
    }),
  )
  return { lines, problem, isRunning }
}

const byTime = (lines: readonly RegexLine[]) =>
  lines.toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0))
