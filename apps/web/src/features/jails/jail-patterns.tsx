import { type JailFilter as Filter, showHidden } from '@bangui/shared'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { plural } from '../../lib/format.ts'
import { useCan } from '../../lib/permissions.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import styles from './jail-patterns.module.css'
import { jailQueries } from './queries.ts'

/** More patterns are hidden at first. */
const MAX_SHOWN = 8

/** The active patterns of a running jail. */
export function JailPatterns(props: {
  name: string
  /** the jail is running and can be queried */
  runs: boolean
  /** a log that it reads */
  log?: string | undefined
}): JSX.Element {
  const api = useApi()
  const mayRead = useCan('logs.read')
  const lab = () => {
    const jail = `/regex-lab?subject=jail&jail=${encodeURIComponent(props.name)}`
    return props.log === undefined ? jail : `${jail}&source=${encodeURIComponent(props.log)}`
  }
  const filter = useQuery(() => ({ ...jailQueries.filter(api, props.name), enabled: props.runs }))
  return (
    <Card
      title="Patterns"
      description="The regular expressions that fail2ban uses now. <HOST> or <ADDR> stands for the address."
      actions={
        <Show when={mayRead()}>
          <ButtonLink size="sm" href={lab()}>
            Open in the regex lab
          </ButtonLink>
        </Show>
      }
    >
      <Show
        when={props.runs}
        fallback={<p class={styles['empty']}>The jail is not running, so it has no active patterns.</p>}
      >
        <Loaded query={filter} what="The patterns" fallback={<Skeleton lines={3} height="24px" />}>
          {(data) => <Expressions filter={data()} />}
        </Loaded>
      </Show>
    </Card>
  )
}

function Expressions(props: { filter: Filter }): JSX.Element {
  return (
    <div class={styles['groups']}>
      <Show when={props.filter.prefRegex}>
        {(expression) => (
          <Group title="Only lines that match this are examined" expressions={[expression()]} />
        )}
      </Show>
      <Group
        title="Failure patterns: a matching line counts as a failure"
        expressions={props.filter.failRegex}
        empty="No patterns: this jail never finds a failure."
      />
      <Show when={props.filter.ignoreRegex.length > 0}>
        <Group
          title="Ignore patterns: a matching line does not count"
          expressions={props.filter.ignoreRegex}
        />
      </Show>
    </div>
  )
}

type GroupProps = { title: string; expressions: readonly string[]; empty?: string }

function Group(props: GroupProps): JSX.Element {
  const [isWhole, setWhole] = createSignal(false)
  const shown = () => (isWhole() ? props.expressions : props.expressions.slice(0, MAX_SHOWN))
  const more = () => props.expressions.length - shown().length
  return (
    <section class={styles['group']} aria-label={props.title}>
      <h3 class={styles['title']}>{props.title}</h3>
      <Show when={props.expressions.length > 0} fallback={<p class={styles['empty']}>{props.empty}</p>}>
        <ul class={styles['list']}>
          <For each={shown()}>
            {(expression) => (
              <li>
                <code class={styles['expression']}>{showHidden(expression)}</code>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={more() > 0}>
        <div>
          <Button size="sm" variant="ghost" onClick={() => setWhole(true)}>
            Show {plural(more(), 'more', 'more')}
          </Button>
        </div>
      </Show>
    </section>
  )
}
