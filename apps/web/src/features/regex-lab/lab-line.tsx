import { type RegexLine, type RegexOutcome, type RegexTest, showHidden } from '@bangui/shared'
import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import { formatExact } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import styles from './regex-lab-page.module.css'

const words: Readonly<Record<RegexOutcome, string>> = {
  matched: 'matched',
  ignored: 'ignored',
  context: 'no failure',
  missed: 'missed',
  skipped: 'skipped',
  untested: 'not tested',
}

const explanations: Readonly<Record<RegexOutcome, string>> = {
  matched: 'This line counts as a failure.',
  ignored: 'A failregex matches, but an ignoreregex exempts the line.',
  context:
    'A failregex matches, but this line alone is not a failure: it only gives fail2ban more information about a connection.',
  missed: 'No failregex matches.',
  skipped: 'fail2ban-regex skips empty lines and lines that begin with #.',
  untested: 'The test ended before it reached this line.',
}

type LineProps = {
  line: RegexLine
  number: number
  test: RegexTest
  onAddTest?: ((line: string, address: string | null) => void) | undefined
}

/** One tested line; a click shows why it came out so. */
export function LabLine(props: LineProps): JSX.Element {
  const id = createUniqueId()
  const [isOpen, setOpen] = createSignal(false)
  return (
    <li class={styles['line']} data-outcome={props.line.outcome}>
      <button
        class={styles['row']}
        type="button"
        aria-expanded={isOpen()}
        aria-controls={id}
        onClick={() => setOpen(!isOpen())}
      >
        <span class={styles['number']}>{props.number}</span>
        <span class={styles['outcome']}>{words[props.line.outcome]}</span>
        <span class={styles['text']}>{showHidden(props.line.text) || ' '}</span>
      </button>
      <div id={id} class={styles['details']} hidden={!isOpen()}>
        <Show when={isOpen()}>
          <Details {...props} />
        </Show>
      </div>
    </li>
  )
}

function Details(props: LineProps): JSX.Element {
  const matched = () => props.line.matched
  const regex = () => {
    const index = matched()?.regex ?? -1
    return index < 0 ? undefined : { number: index + 1, text: props.test.regexes[index]?.text }
  }
  const captures = () => Object.entries(matched()?.captures ?? {})
  return (
    <>
      <p>{explanations[props.line.outcome]}</p>
      <Facts>
        <Show when={matched()?.address}>
          {(address) => <Fact term="Would be banned">{showHidden(address())}</Fact>}
        </Show>
        <Show when={regex()}>
          {(found) => (
            <Fact term="Regex">
              {found().number}
              <Show when={found().text}>
                {(text) => (
                  <>
                    {': '}
                    <code class={styles['code']}>{showHidden(text())}</code>
                  </>
                )}
              </Show>
            </Fact>
          )}
        </Show>
        <For each={captures()}>
          {([name, value]) => <Fact term={`Captured: ${showHidden(name)}`}>{showHidden(value)}</Fact>}
        </For>
        <Show
          when={props.line.date}
          fallback={
            <Show when={props.line.outcome !== 'skipped' && props.line.outcome !== 'untested'}>
              <Fact term="Date">not recognised</Fact>
            </Show>
          }
        >
          {(date) => (
            <>
              <Fact term="Date">
                <code class={styles['code']}>{showHidden(date().text)}</code>
                {props.line.at === null ? '' : `, which is ${formatExact(props.line.at)}`}
              </Fact>
              <Fact term="Date pattern">
                <code class={styles['code']}>{showHidden(date().pattern)}</code>
              </Fact>
            </>
          )}
        </Show>
        <Show when={props.line.prefix !== null}>
          <Fact term="prefregex">{props.line.prefix === true ? 'matches' : 'does not match'}</Fact>
        </Show>
      </Facts>
      <AddTest {...props} />
    </>
  )
}

function AddTest(props: LineProps): JSX.Element {
  const canAdd = () => props.onAddTest !== undefined && props.line.outcome !== 'skipped'
  return (
    <Show when={canAdd()}>
      <div class={styles['buttons']}>
        <Show when={props.line.matched?.address}>
          {(address) => (
            <Button size="sm" onClick={() => props.onAddTest?.(props.line.text, address())}>
              Keep as a test: must match as {showHidden(address())}
            </Button>
          )}
        </Show>
        <Button size="sm" onClick={() => props.onAddTest?.(props.line.text, null)}>
          Keep as a test: must not match
        </Button>
      </div>
    </Show>
  )
}
