import { type RegexLine, type RegexOutcome, type RegexTest, showHidden } from '@bangui/shared'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { formatNumber, plural } from '../../lib/format.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import { LabLine } from './lab-line.tsx'
import styles from './regex-lab-page.module.css'

type ResultsProps = {
  test: RegexTest
  onMode: (mode: string) => void
  /** adds a line to the tests of the filter; absent: there is none, or the user may not */
  onAddTest?: ((line: string, address: string | null) => void) | undefined
}

const problemTitles: Readonly<Record<NonNullable<RegexTest['problem']>['kind'], string>> = {
  refused: 'fail2ban refuses this',
  timeout: 'The test took too long',
  memory: 'The test needed too much memory',
  output: 'The test produced too much output',
  unreadable: 'This cannot be read',
}

/** What fail2ban-regex found. */
export function LabResults(props: ResultsProps): JSX.Element {
  return (
    <div class={styles['results']}>
      <Show when={props.test.problem}>
        {(problem) => (
          <Banner tone="danger" title={problemTitles[problem().kind]}>
            <span class={styles['message']}>{showHidden(problem().message)}</span>
          </Banner>
        )}
      </Show>
      <Show when={props.test.suggestions.length > 0}>
        <Suggestions {...props} />
      </Show>
      <Show when={props.test.lines.length > 0}>
        <Lines {...props} />
      </Show>
      <Show when={props.test.regexes.length > 0}>
        <Regexes test={props.test} />
      </Show>
      <Show when={props.test.output !== '' && props.test.problem === null}>
        <Card title="Messages of fail2ban-regex">
          <CodeBlock label="Messages of fail2ban-regex" code={props.test.output} />
        </Card>
      </Show>
    </div>
  )
}

function Suggestions(props: ResultsProps): JSX.Element {
  return (
    <Banner tone="info" title="No line matches">
      <ul class={styles['suggestions']}>
        <For each={props.test.suggestions}>
          {(suggestion) => (
            <li>
              {showHidden(suggestion.message)}{' '}
              <Show when={suggestion.mode}>
                {(mode) => (
                  <Button size="sm" onClick={() => props.onMode(mode())}>
                    Use mode {mode()}
                  </Button>
                )}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Banner>
  )
}

type Shown = 'all' | 'matched' | 'missed' | 'ignored'

const outcomesOf: Readonly<Record<Shown, readonly RegexOutcome[]>> = {
  all: ['matched', 'ignored', 'context', 'missed', 'skipped', 'untested'],
  matched: ['matched'],
  missed: ['missed'],
  ignored: ['ignored', 'context'],
}

function Lines(props: ResultsProps): JSX.Element {
  const [shown, setShown] = createSignal<Shown>('all')
  const numbered = () => props.test.lines.map((line, index) => ({ line, number: index + 1 }))
  const rows = () => numbered().filter(({ line }) => outcomesOf[shown()].includes(line.outcome))
  const segments = () => [
    { value: 'all' as const, label: `All ${formatNumber(props.test.lines.length)}` },
    { value: 'matched' as const, label: `Matched ${formatNumber(props.test.matched)}` },
    { value: 'missed' as const, label: `Missed ${formatNumber(props.test.missed)}` },
    { value: 'ignored' as const, label: `Ignored ${formatNumber(props.test.ignored)}` },
  ]
  return (
    <Card
      flush
      title={plural(props.test.matched, 'line matches', 'lines match')}
      description={`Times without a time zone are read in fail2ban’s time zone, UTC${props.test.zone}.${
        props.test.maxLines > 1
          ? ` A regex can span ${props.test.maxLines} lines; a match is shown at its last line.`
          : ''
      }`}
      actions={<SegmentedControl label="Lines" value={shown()} segments={segments()} onChange={setShown} />}
    >
      <ol class={styles['lines']} aria-label="Tested lines">
        <For each={rows()} fallback={<li class={styles['none']}>No lines to show.</li>}>
          {(row: { line: RegexLine; number: number }) => (
            <LabLine line={row.line} number={row.number} test={props.test} onAddTest={props.onAddTest} />
          )}
        </For>
      </ol>
    </Card>
  )
}

function Regexes(props: { test: RegexTest }): JSX.Element {
  return (
    <Card title="Regexes" description="In fail2ban’s order: the first one that matches decides.">
      <Show when={props.test.prefregex}>
        {(prefregex) => (
          <div class={styles['prefix']}>
            <p>Only lines that match this prefregex are examined:</p>
            <CodeBlock label="prefregex" code={prefregex()} />
          </div>
        )}
      </Show>
      <ol class={styles['regexes']}>
        <For each={props.test.regexes}>
          {(regex, index) => (
            <li class={styles['regex']} data-hits={regex.hits > 0 ? '' : undefined}>
              <span class={styles['number']}>{index() + 1}</span>
              <code class={styles['code']}>{showHidden(regex.text)}</code>
              <span class={styles['hits']}>{plural(regex.hits, 'line')}</span>
            </li>
          )}
        </For>
      </ol>
    </Card>
  )
}
