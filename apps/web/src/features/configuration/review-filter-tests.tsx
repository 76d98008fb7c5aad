import { type FilterTestReport, showHidden } from '@bangui/shared'
import { createMemo, For, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import styles from './review-filter-tests.module.css'

/** How the tests of filters do that a change touches; with failing ones, whether to apply it nevertheless. */
export function ReviewFilterTests(props: {
  reports: readonly FilterTestReport[]
  ignoresFailed: boolean
  disabled: boolean
  onIgnoreFailed: (ignores: boolean) => void
}): JSX.Element {
  const failed = createMemo(() => props.reports.filter(({ passed }) => !passed))
  return (
    <Show when={props.reports.length > 0}>
      <section class={styles['tests']} aria-labelledby="review-filter-tests">
        <h3 class={styles['heading']} id="review-filter-tests">
          Tests of filters
        </h3>
        <Show
          when={failed().length > 0}
          fallback={
            <p class={styles['text']}>
              {props.reports.length === 1
                ? 'The test that this change touches passes.'
                : `All ${props.reports.length} tests that this change touches pass.`}
            </p>
          }
        >
          <Banner
            tone="danger"
            title={`${plural(failed().length, 'test')} of ${props.reports.length} ${failed().length === 1 ? 'fails' : 'fail'} with this change`}
          >
            Correct the change, or remove tests that are no longer right on the page Regex lab.
          </Banner>
          <ul class={styles['list']}>
            <For each={failed()}>{(report) => <FailedTest report={report} />}</For>
          </ul>
          <Checkbox
            label="Apply the change although tests fail"
            checked={props.ignoresFailed}
            disabled={props.disabled}
            onChange={(checked) => props.onIgnoreFailed(checked)}
          />
        </Show>
      </section>
    </Show>
  )
}

function FailedTest(props: { report: FilterTestReport }): JSX.Element {
  const where = () =>
    props.report.jail === null
      ? showHidden(props.report.test.filter)
      : `${showHidden(props.report.test.filter)} in jail ${showHidden(props.report.jail)}`
  const wanted = () => {
    const { address } = props.report.test
    return address === null ? 'must not match' : `must match as ${showHidden(address)}`
  }
  const why = () => {
    const { problem, found } = props.report
    return problem ?? (found === null ? 'It does not match.' : `It matches as ${found}.`)
  }
  return (
    <li class={styles['test']}>
      <p class={styles['head']}>
        <Badge tone="danger">Failed</Badge>
        <span>
          {where()}: {wanted()}
        </span>
      </p>
      <p class={styles['text']}>{showHidden(why())}</p>
      <code class={styles['line']}>{showHidden(props.report.test.line)}</code>
    </li>
  )
}
