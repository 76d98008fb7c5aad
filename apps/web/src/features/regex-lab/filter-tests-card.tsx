import { type FilterTest, type FilterTestResult, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createEffect, createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { useCan } from '../../lib/permissions.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.tsx'
import { labQueries } from './queries.ts'
import styles from './regex-lab-page.module.css'

/** The sample lines that are kept with a filter, and which of them pass now. */
export function FilterTestsCard(props: { filter: string }): JSX.Element {
  const api = useApi()
  const tests = useQuery(() => labQueries.tests(api, props.filter))
  const [results, setResults] = createSignal<readonly FilterTestResult[]>([])
  createEffect((before: string | undefined) => {
    if (before !== undefined && before !== props.filter) setResults([])
    return props.filter
  })
  const run = async () => {
    try {
      setResults(await api.config.runFilterTests.mutate({ filter: props.filter }))
    } catch (error) {
      toast({ tone: 'danger', title: 'The tests were not run', text: describeError(error).message })
    }
  }
  return (
    <Card
      title={`Tests of ${showHidden(props.filter)}`}
      description="Sample lines that this filter must match, or must not match. Add them from the lines of a test above."
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
            <ul class={styles['tests']}>
              <For each={found()}>
                {(test) => <TestRow test={test} result={results().find(({ id }) => id === test.id)} />}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
    </Card>
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
      <div class={styles['testHead']}>
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
