import type { DaemonLog } from '@bangui/shared'
import { createSignal, type JSX, Match, onCleanup, onMount, Show, Switch } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { CodeBlock, CopyCommand } from '../../ui/copy-command.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import styles from './recovery-details.module.css'

/** The end of fail2ban's own log; if BanGUI cannot read it, the reason, and the command that shows it on the server. */
export function DaemonLogSection(): JSX.Element {
  const api = useApi()
  const [log, setLog] = createSignal<DaemonLog>()
  const [problem, setProblem] = createSignal<string>()
  const abort = new AbortController()
  onCleanup(() => abort.abort())
  onMount(async () => {
    try {
      const found = await api.server.log.query(undefined, { signal: abort.signal })
      setLog(found)
      setProblem(found.problem ?? undefined)
    } catch (error) {
      if (!abort.signal.aborted) setProblem(describeError(error).message)
    }
  })
  const command = () =>
    log()?.target.startsWith('/')
      ? `sudo tail -n 50 ${log()?.target}`
      : 'sudo journalctl -u fail2ban -n 50 --no-pager'
  return (
    <section class={styles['part']}>
      <h3 class={styles['title']}>fail2ban's own log</h3>
      <Switch fallback={<Skeleton lines={6} />}>
        <Match when={problem()}>
          <p>{problem()} On the server, this command shows it:</p>
          <CopyCommand command={command()} />
        </Match>
        <Match when={log()}>
          {(found) => (
            <Show when={found().lines.length > 0} fallback={<p>The log {found().target} is empty.</p>}>
              <CodeBlock label={`The end of ${found().target}`} code={found().lines.join('\n')} />
            </Show>
          )}
        </Match>
      </Switch>
    </section>
  )
}
