import { type FilterTest, type FilterTestResult, type FilterTestRun, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { For, type JSX, Show } from 'solid-js'
import { useApi } from '../api/api-context.tsx'
import { describeError } from '../api/errors.ts'
import { useQuery } from '../api/use-query.ts'
import { plural } from '../lib/format.ts'
import { useCan } from '../lib/permissions.ts'
import { AsyncButton } from '../ui/async-button.tsx'
import { Badge } from '../ui/badge.tsx'
import { Card } from '../ui/card.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { toast } from '../ui/toast.tsx'
import styles from './filter-tests-card.module.css'
import { filterTestQueries } from './filter-test-queries.ts'

/** The sample lines that are kept with a filter, how they did in the last run, and what runs them. `hint`: how to add one. */
export function FilterTestsCard(props: { filter: string; hint: JSX.Element }): JSX.Element {
  const api = useApi()
  const client = useQueryClient()
  const tests = useQuery(() => filterTestQueries.tests(api, props.filter))
  const last = useQuery(() => filterTestQueries.lastRun(api, props.filter))
  const resultOf = (test: FilterTest) => last.data?.results.find(({ id }) => id === test.id)
  const run = async () => {
    try {
      await api.config.runFilterTests.mutate({ filter: props.filter })
      await client.invalidateQueries({ queryKey: filterTestQueries.lastRun(api, props.filter).queryKey })
    } catch (error) {
      toast({ tone: 'danger', title: 'The tests were not run', text: describeError(error).message })
    }
  }
  return (
    <Card
      title={`Tests of ${showHidden(props.filter)}`}
      description={<>Sample lines that this filter must match, or must not match. {props.hint}</>}
      actions={
        <Show when={(tests.data ?? []).length > 0}>
          <AsyncButton size="sm" onPress={run}>
            Run tests
          </AsyncButton>
        </Show>
      }
    >
      <Loaded query={tests} what="The tests" fallback={<Skeleton lines={2} />}>
        {(found) => (
          <Show when={found().length > 0} fallback={<p class={styles['note']}>There are no tests yet.</p>}>
            <div class={styles['tests']}>
              <LastRun tests={found()} run={last.data ?? undefined} />
              <ul class={styles['tests']}>
                <For each={found()}>{(test) => <TestRow test={test} result={resultOf(test)} />}</For>
              </ul>
            </div>
          </Show>
        )}
      </Loaded>
    </Card>
  )
}

function LastRun(props: { tests: readonly FilterTest[]; run: FilterTestRun | undefined }): JSX.Element {
  const failed = (run: FilterTestRun) =>
    run.results.filter(({ id, passed }) => !passed && props.tests.some((test) => test.id === id)).length
  return (
    <p class={styles['note']}>
      <Show when={props.run} fallback="Not run since BanGUI was started.">
        {(run) => (
          <>
            Last run <RelativeTime time={run().at} />:{' '}
            {failed(run()) === 0
              ? 'no test failed.'
              : `${plural(failed(run()), 'test')} of ${props.tests.length} failed.`}
          </>
        )}
      </Show>
    </p>
  )
}

function TestRow(props: { test: FilterTest; result: FilterTestResult | undefined }): JSX.Element {
  const api = useApi()
  const client = useQueryClient()
  const mayChange = useCan('config.write')
  const remove = async () => {
    try {
      await api.config.removeFilterTest.mutate({ id: props.test.id })
    } catch (error) {
      toast({ tone: 'danger', title: 'The test was not removed', text: describeError(error).message })
    }
    await client.invalidateQueries({ queryKey: ['config', 'filter-tests', props.test.filter] })
  }
  const wanted = () =>
    props.test.address === null ? 'must not match' : `must match as ${showHidden(props.test.address)}`
  const why = ({ problem, found }: FilterTestResult) =>
    problem ?? (found === null ? 'It does not match.' : `It matches as ${found}.`)
  return (
    <li class={styles['test']}>
      <div class={styles['head']}>
        <Show when={props.result}>
          {(result) => (
            <Badge tone={result().passed ? 'ok' : 'danger'}>{result().passed ? 'Passed' : 'Failed'}</Badge>
          )}
        </Show>
        <span>
          {wanted()}
          {props.test.mode === null ? '' : `, in mode ${props.test.mode}`}
        </span>
        <Show when={mayChange()}>
          <AsyncButton size="sm" variant="ghost" onPress={remove}>
            Remove test
          </AsyncButton>
        </Show>
      </div>
      <Show when={props.result?.passed === false && props.result}>
        {(result) => <p class={styles['why']}>{showHidden(why(result()))}</p>}
      </Show>
      <code class={styles['code']}>{showHidden(props.test.line)}</code>
    </li>
  )
}
