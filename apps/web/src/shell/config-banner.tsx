import { showHidden, type ConfigNotice } from '@bangui/shared'
import { useLocation } from '@solidjs/router'
import { createSignal, type JSX, Show } from 'solid-js'
import { useLive } from '../live/live-store.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { CodeBlock } from '../ui/copy-command.tsx'
import styles from './banners.module.css'

/** Problems of fail2ban's whole configuration, with file and line. */
export function ConfigBanner(): JSX.Element {
  const live = useLive()
  const notices = () => live.runtime?.configNotices ?? []
  const of = (kind: ConfigNotice['kind']) => notices().filter((notice) => notice.kind === kind)
  const location = useLocation()
  // the page of a jail has its own hints
  const hints = () =>
    of('hint').filter(({ jail }) => !location.pathname.endsWith(`/jails/${encodeURIComponent(jail ?? '')}`))
  return (
    <>
      <Show when={of('refused')[0]}>{(notice) => <Refused notice={notice()} />}</Show>
      <Show when={of('passed_over')[0]}>
        {(notice) => (
          <Banner bar tone="warning" title={`fail2ban skips a file: ${placeOf(notice())}`}>
            {messageOf(notice())} None of its settings are in effect.
            <More count={of('passed_over').length - 1} />
          </Banner>
        )}
      </Show>
      <Show when={of('unreadable')[0]}>
        {(notice) => (
          <Banner bar tone="warning" title={`BanGUI cannot read ${placeOf(notice())}`}>
            {messageOf(notice())} Settings from there are not shown.
            <More count={of('unreadable').length - 1} />
          </Banner>
        )}
      </Show>
      <Show when={hints()[0]}>
        {(notice) => (
          <Banner bar tone="info" title={`Possible mistake in ${placeOf(notice())}`}>
            {messageOf(notice())}
            <More count={hints().length - 1} what="place" />
          </Banner>
        )}
      </Show>
    </>
  )
}

function Refused(props: { notice: ConfigNotice }): JSX.Element {
  const live = useLive()
  const [open, setOpen] = createSignal(false)
  const isUp = () => live.runtime?.serverStatus.online === true
  const place = () => (props.notice.file === null ? undefined : placeOf(props.notice))
  return (
    <Banner
      bar
      stacked={open()}
      role="alert"
      tone={isUp() ? 'warning' : 'danger'}
      title={
        place() === undefined
          ? 'fail2ban would not start with its configuration'
          : `fail2ban would not start because of ${place()}`
      }
      actions={
        <Show when={props.notice.output}>
          <Button size="sm" aria-expanded={open()} onClick={() => setOpen(!open())}>
            {open() ? 'Show less' : 'Output of fail2ban'}
          </Button>
        </Show>
      }
    >
      {messageOf(props.notice)}{' '}
      {isUp() && 'Running jails keep working until the next start or reload, which would fail.'}
      <Show when={open() && props.notice.output}>
        {(output) => (
          <div class={styles['commands']}>
            <CodeBlock label="Output of fail2ban" code={output()} />
          </div>
        )}
      </Show>
    </Banner>
  )
}

const More = (props: { count: number; what?: 'place' }): JSX.Element => (
  <Show when={props.count > 0}>
    {' '}
    {props.count === 1
      ? `There is one more ${props.what ?? 'file'} like this.`
      : `There are ${props.count} more ${props.what ?? 'file'}s like this.`}
  </Show>
)

const messageOf = ({ message }: ConfigNotice) => showHidden(message ?? '')

const placeOf = ({ file, line }: ConfigNotice) =>
  showHidden(line === null ? (file ?? '') : `${file}, line ${line}`)
