import { type ServerStatus, showHidden } from '@bangui/shared'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../api/api-context.tsx'
import { describeError } from '../api/errors.ts'
import { daemonHelp, describeDaemon } from '../lib/daemon-state.ts'
import { useCanChange } from '../lib/permissions.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { CopyCommand } from '../ui/copy-command.tsx'
import styles from './banners.module.css'

/** Says why fail2ban is offline, closed to BanGUI or silent, and what to do. */
export function DaemonBanner(props: {
  status: ServerStatus | undefined
  /** commands to copy and run */
  commands: readonly string[]
}): JSX.Element {
  const api = useApi()
  const [open, setOpen] = createSignal(false)
  const [doing, setDoing] = createSignal<'start' | 'probe'>()
  const [problem, setProblem] = createSignal<{ readonly title: string; readonly why: string }>()

  const run = async (what: 'start' | 'probe') => {
    setDoing(what)
    setProblem(undefined)
    try {
      await (what === 'start' ? api.server.start.mutate() : api.server.probe.mutate())
    } catch (error) {
      setProblem({
        title: what === 'start' ? 'Could not start fail2ban.' : 'Could not check fail2ban.',
        why: describeError(error).message,
      })
    } finally {
      setDoing(undefined)
    }
  }
  const mayStart = useCanChange('daemon.control')

  return (
    <Show when={daemonHelp(props.status)}>
      {(help) => (
        <Banner
          bar
          stacked={open()}
          role="alert"
          tone={describeDaemon(props.status).tone}
          title={describeDaemon(props.status).sentence}
          actions={
            <>
              <Show when={help().startable && mayStart()}>
                <Button
                  size="sm"
                  variant="primary"
                  loading={doing() === 'start'}
                  onClick={() => void run('start')}
                >
                  Start fail2ban
                </Button>
              </Show>
              <Button size="sm" loading={doing() === 'probe'} onClick={() => void run('probe')}>
                Check now
              </Button>
              <Button size="sm" variant="ghost" aria-expanded={open()} onClick={() => setOpen(!open())}>
                {open() ? 'Show less' : 'What to do'}
              </Button>
            </>
          }
        >
          {showHidden(props.status?.message ?? help().text)}
          <Show when={problem()}>
            {(failed) => (
              <p>
                <strong>{failed().title}</strong> {failed().why}
              </p>
            )}
          </Show>
          <Show when={open()}>
            <div class={styles['commands']}>
              <Show when={props.status?.message}>
                <p>{help().text}</p>
              </Show>
              <For each={props.commands}>{(command) => <CopyCommand command={command} />}</For>
            </div>
          </Show>
        </Banner>
      )}
    </Show>
  )
}
