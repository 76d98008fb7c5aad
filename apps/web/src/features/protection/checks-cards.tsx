import { type HealthCheckReport, type HealthReport, showHidden } from '@bangui/shared'
import { For, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Card } from '../../ui/card.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { groupUnknowns } from './group-unknowns.ts'
import styles from './lists.module.css'

/** What the checks cannot tell, what they found to be fine, and what does not apply. */
export function ChecksCards(props: { report: HealthReport }): JSX.Element {
  const fine = () => props.report.checks.filter(({ verdict }) => verdict === 'fine')
  const elsewhere = () => props.report.checks.filter(({ verdict }) => verdict === 'does_not_apply')
  const waiting = () => props.report.checks.filter(({ verdict }) => verdict === 'waiting')
  const unknowns = () => groupUnknowns(props.report.checks)
  return (
    <>
      <Show when={unknowns().length > 0}>
        <Card
          title="What cannot be told"
          description="These checks cannot see what they need. They are neither fine nor a problem."
        >
          <ul class={styles['list']}>
            <For each={unknowns()}>
              {({ why, checks }) => (
                <li class={styles['row']}>
                  <div class={styles['words']}>
                    <h3 class={styles['name']}>{showHidden(why)}</h3>
                    <ul class={styles['names']}>
                      <For each={checks}>
                        {({ title, jails }) => (
                          <li>
                            {title}
                            <Show when={jails.length > 0}> ({jails.map(showHidden).join(', ')})</Show>
                          </li>
                        )}
                      </For>
                    </ul>
                  </div>
                </li>
              )}
            </For>
          </ul>
        </Card>
      </Show>
      <Show when={fine().length > 0}>
        <Card>
          <Disclosure label="What is fine" note={plural(fine().length, 'check')}>
            <p class={styles['text']}>Each of these problems was looked for and not found.</p>
            <CheckList checks={fine()} />
          </Disclosure>
        </Card>
      </Show>
      <Show when={elsewhere().length > 0}>
        <Card>
          <Disclosure label="What does not apply here" note={plural(elsewhere().length, 'check')}>
            <p class={styles['text']}>There is nothing on this machine that these checks could be about.</p>
            <CheckList checks={elsewhere()} />
          </Disclosure>
        </Card>
      </Show>
      <Show when={waiting().length > 0}>
        <Card>
          <Disclosure label="Not decided yet" note={plural(waiting().length, 'check')}>
            <p class={styles['text']}>
              These problems have not been looked for yet, or were seen once and are looked for again.
            </p>
            <CheckList checks={waiting()} />
          </Disclosure>
        </Card>
      </Show>
    </>
  )
}

function CheckList(props: { checks: readonly HealthCheckReport[] }): JSX.Element {
  const areas = () => [...Map.groupBy(props.checks, ({ area }) => area)]
  return (
    <div class={styles['areas']}>
      <For each={areas()}>
        {([area, checks]) => (
          <section>
            <h3 class={styles['name']}>{area}</h3>
            <ul class={styles['checks']}>
              <For each={checks}>{(check) => <CheckRow check={check} />}</For>
            </ul>
          </section>
        )}
      </For>
    </div>
  )
}

const dotLabels: Readonly<Record<HealthCheckReport['verdict'], string>> = {
  fine: 'Fine:',
  problem: 'A problem:',
  cannot_tell: 'Cannot be told:',
  does_not_apply: 'Does not apply:',
  waiting: 'Not decided:',
}

/** A check that found nothing: the problem that it looks for, and what that would mean. */
function CheckRow(props: { check: HealthCheckReport }): JSX.Element {
  return (
    <li class={styles['check']}>
      <StatusDot
        tone={props.check.verdict === 'fine' ? 'ok' : 'neutral'}
        label={dotLabels[props.check.verdict]}
        hideLabel
      />
      <div>
        <p class={styles['looked']}>{props.check.title}</p>
        <p class={styles['text']}>{props.check.meaning}</p>
        <Show when={props.check.doesNotApply}>
          {(why) => <p class={styles['text']}>{showHidden(why())}</p>}
        </Show>
        <Show when={props.check.note}>{(note) => <p class={styles['text']}>{showHidden(note())}</p>}</Show>
      </div>
      <p class={styles['when']}>
        <Show when={props.check.checkedAt} fallback="not checked yet">
          {(time) => <RelativeTime time={time()} />}
        </Show>
      </p>
    </li>
  )
}
