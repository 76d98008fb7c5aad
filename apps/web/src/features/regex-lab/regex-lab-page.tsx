import { type JSX, Show } from 'solid-js'
import { useAddFilterTest } from '../../bans/add-filter-test.ts'
import { useApi } from '../../api/api-context.tsx'
import { QueryProvider } from '../../api/query-provider.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useCan } from '../../lib/permissions.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { LogReadersOnly } from '../../ui/log-readers-only.tsx'
import { Page } from '../../ui/page.tsx'
import { createLabTest } from './create-lab-test.ts'
import { FilterTestsCard } from '../../bans/filter-tests-card.tsx'
import { LabForm } from './lab-form.tsx'
import { LabResults } from './lab-results.tsx'
import { createLabFields, type LabFields, readReference, testInput } from './lab-state.ts'
import { labQueries } from './queries.ts'
import styles from './regex-lab-page.module.css'

/** Tries filters and regexes on lines of a log, with fail2ban's own program. */
export function RegexLabPage(): JSX.Element {
  const mayRead = useCan('logs.read')
  return (
    <QueryProvider>
      <Page
        title="Regex lab"
        description="See which lines of a log a filter matches, and why. fail2ban-regex does the matching; nothing is changed."
        actions={
          <Show when={mayRead()}>
            <ButtonLink href="/logs">Logs</ButtonLink>
          </Show>
        }
      >
        <LogReadersOnly title="The regex lab is for operators and administrators">
          <Lab />
        </LogReadersOnly>
      </Page>
    </QueryProvider>
  )
}

/** The filter whose tests are shown, and the mode in which it is tested; null: regexes alone have no tests. */
function createTestTarget(fields: () => LabFields) {
  const api = useApi()
  const reference = useQuery(() => ({
    ...labQueries.jailFilter(api, fields().jail),
    enabled: fields().subject === 'jail' && fields().jail !== '',
  }))
  return () => {
    const { subject, filter, mode, jail } = fields()
    if (subject === 'jail') return jail === '' ? null : readReference(reference.data ?? '')
    return subject === 'regexes' || filter === '' ? null : { filter, mode }
  }
}

function Lab(): JSX.Element {
  const api = useApi()
  const { fields, set } = createLabFields()
  const test = createLabTest(() => api)
  const mayKeep = useCan('config.write')
  const addTest = useAddFilterTest()
  const run = () => void test.run(testInput(fields()))
  const change = (changes: Partial<LabFields>, isRun = false) => {
    set(changes)
    if (isRun) run()
  }
  const target = createTestTarget(fields)
  const onAddTest = () => {
    const found = target()
    if (!mayKeep() || found === null) return undefined
    return (line: string, address: string | null) =>
      void addTest({ filter: found.filter, mode: found.mode || null, line, address })
  }
  return (
    <form
      class={styles['lab']}
      onSubmit={(event) => {
        event.preventDefault()
        run()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run()
      }}
    >
      <LabForm fields={fields()} onChange={change} />
      <div class={styles['buttons']}>
        <Button type="submit" variant="primary" loading={test.isRunning()}>
          Test lines
        </Button>
        <Show
          when={test.isRunning()}
          fallback={
            <span class={`${styles['note']} ${styles['shortcut']}`}>
              or press <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd>
            </span>
          }
        >
          <Button onClick={test.cancel}>Cancel test</Button>
        </Show>
      </div>
      <div role="status">
        <Show when={test.problem()}>
          {(problem) => (
            <Banner tone="warning" title="Not tested" role="note">
              {problem()}
            </Banner>
          )}
        </Show>
      </div>
      <Show when={test.result()}>
        {(result) => (
          <div aria-busy={test.isRunning()}>
            <LabResults test={result()} onMode={(mode) => change({ mode }, true)} onAddTest={onAddTest()} />
          </div>
        )}
      </Show>
      <Show when={target()?.filter}>
        {(filter) => <FilterTestsCard filter={filter()} hint="Add them from the lines of a test above." />}
      </Show>
    </form>
  )
}
