import { type ConfigChange, type ConfigChangeFile, showHidden } from '@bangui/shared'
import { For, type JSX, Match, Show, Switch } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { formatExact, plural } from '../../lib/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { DiffView } from '../../ui/diff-view.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Link } from '../../ui/link.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { hrefOf } from './config-part.ts'
import styles from './history-view.module.css'
import { configQueries } from './queries.ts'

/** How many files of a change are open from the start. */
const OPEN_FILES = 5

/** What a change did: its differences, its test, and what fail2ban said. */
export function HistoryDetails(props: { id: string }): JSX.Element {
  const api = useApi()
  const change = useQuery(() => configQueries.change(api, props.id))
  return (
    <Loaded query={change} what="The change" fallback={<Skeleton lines={5} height="16px" />}>
      {(found) => (
        <>
          <p class={styles['when']}>{timeOf(found())}</p>
          <Files change={found()} />
          <Test change={found()} />
          <Show when={found().output}>
            {(output) => (
              <section class={styles['section']}>
                <h4>Load of the change</h4>
                <CodeBlock label="Output of fail2ban" code={output()} />
              </section>
            )}
          </Show>
          <Show when={found().hidden}>
            <p class={styles['facts']}>
              Values that may be secrets, comments and output of fail2ban are shown to administrators only.
            </p>
          </Show>
        </>
      )}
    </Loaded>
  )
}

function timeOf({ at, since }: ConfigChange): string {
  return since === null ? formatExact(at) : `Between ${formatExact(since)} and ${formatExact(at)}`
}

function Files(props: { change: ConfigChange }): JSX.Element {
  return (
    <>
      <Switch>
        <Match when={props.change.files === null}>
          <p class={styles['note']}>The files of this change are no longer kept, so it cannot be reverted.</p>
        </Match>
        <Match when={props.change.files?.length === 0 && props.change.omitted.length === 0}>
          <p class={styles['note']}>No file was changed.</p>
        </Match>
      </Switch>
      <For each={props.change.files ?? []}>
        {(file, index) => (
          <section class={styles['section']}>
            <h4>
              <Link href={hrefOf({ kind: 'file', name: file.file })}>{showHidden(file.file)}</Link>
              <Since file={file} state={props.change.state} />
            </h4>
            <Show
              when={index() < OPEN_FILES}
              fallback={
                <Disclosure label="Difference">
                  <DiffView path={file.file} diff={file.unified} />
                </Disclosure>
              }
            >
              <DiffView path={file.file} diff={file.unified} />
            </Show>
          </section>
        )}
      </For>
      <Show when={props.change.omitted.length > 0}>
        <section class={styles['section']}>
          <h4>Other changed files, without their differences</h4>
          <p class={styles['note']}>
            {props.change.omitted.map(showHidden).join(', ')}. BanGUI keeps no copies of links and large
            files, and only some copies when many files change.
          </p>
        </section>
      </Show>
    </>
  )
}

/** Whether a file of a change in force is still as the change left it. */
function Since(props: { file: ConfigChangeFile; state: ConfigChange['state'] }): JSX.Element {
  const words = { after: undefined, before: 'as before the change', other: 'changed again since' } as const
  return (
    <Show when={props.state === 'applied' && words[props.file.now]}>
      {(text) => (
        <>
          {' '}
          <Badge>{text()}</Badge>
        </>
      )}
    </Show>
  )
}

function Test(props: { change: ConfigChange }): JSX.Element {
  return (
    <Show when={props.change.tested}>
      {(tested) => (
        <section class={styles['section']}>
          <h4>Test of the change</h4>
          <p class={styles['note']}>
            fail2ban accepted the change on a copy of the configuration.
            <Show when={tested().passed + tested().failed > 0}> {samplesOf(tested())}</Show>
          </p>
          <Show when={tested().output}>
            {(output) => <CodeBlock label="Output of fail2ban in the test" code={output()} />}
          </Show>
        </section>
      )}
    </Show>
  )
}

const samplesOf = ({ passed, failed }: { passed: number; failed: number }) =>
  failed === 0
    ? `${plural(passed, 'sample line')} of its filters passed.`
    : `${failed} of ${plural(passed + failed, 'sample line')} of its filters failed.`
