import { showHidden, type SwitchPreview } from '@bangui/shared'
import CircleCheck from 'lucide-solid/icons/circle-check'
import FileDiff from 'lucide-solid/icons/file-diff'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import Unlock from 'lucide-solid/icons/lock-open'
import { For, type JSX, Match, Show, Switch } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Banner } from '../../ui/banner.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { DiffView } from './diff-view.tsx'
import styles from './switch-preview.module.css'

/** What switching a jail would do: refused, nothing to do, or the files, the bans and the remarks. */
export function PreviewView(props: { preview: SwitchPreview; applying: boolean }): JSX.Element {
  return (
    <div class={styles['preview']}>
      <Switch fallback={<Consequences preview={props.preview} applying={props.applying} />}>
        <Match when={props.preview.refused}>
          {(reason) => <Refused reason={reason()} code={props.preview.refusedReason} />}
        </Match>
        <Match when={props.preview.already}>
          <p>
            {showHidden(props.preview.name)} is {props.preview.enabled ? 'on' : 'off'} already. There is
            nothing to do.
          </p>
        </Match>
      </Switch>
    </div>
  )
}

/** Why a change is refused: in fail2ban's words, or since BanGUI cannot write. */
export function Refused(props: { reason: string; code: SwitchPreview['refusedReason'] }): JSX.Element {
  return (
    <Show
      when={props.code === 'config_unwritable'}
      fallback={
        <>
          <Banner tone="danger" role="alert" title="fail2ban would not take this, so nothing is changed.">
            Put right what it names, then try again. Every other jail runs on as before.
          </Banner>
          <CodeBlock label="What fail2ban says" code={props.reason} />
        </>
      }
    >
      <Banner tone="danger" role="alert" title="BanGUI cannot write the files for this.">
        {props.reason}
      </Banner>
    </Show>
  )
}

/** That fail2ban takes a change, what is done, and the remarks. */
export function Remarks(props: {
  preview: Pick<SwitchPreview, 'warnings'>
  children: JSX.Element
}): JSX.Element {
  return (
    <ul class={styles['points']}>
      <li class={styles['point']} data-tone="ok">
        <CircleCheck aria-hidden="true" />
        <span>fail2ban tested this in a copy of its configuration and takes it.</span>
      </li>
      <li class={styles['point']}>
        <FileDiff aria-hidden="true" />
        <span>{props.children}</span>
      </li>
      <For each={props.preview.warnings}>
        {(warning) => (
          <li class={styles['point']} data-tone="warning">
            <TriangleAlert aria-hidden="true" />
            <span>{showHidden(warning)}</span>
          </li>
        )}
      </For>
    </ul>
  )
}

/** The files of a change, each as a diff. */
export function ChangedFiles(props: { files: SwitchPreview['files'] }): JSX.Element {
  return (
    <For each={props.files}>
      {(file) => (
        <figure class={styles['file']}>
          <figcaption class={styles['path']}>
            <code>{showHidden(file.path)}</code>
          </figcaption>
          <DiffView path={file.path} diff={file.diff} />
        </figure>
      )}
    </For>
  )
}

function Consequences(props: { preview: SwitchPreview; applying: boolean }): JSX.Element {
  const on = () => props.preview.enabled
  return (
    <>
      <Show when={props.preview.readOnly}>
        <Banner tone="info" title="The configuration is read-only for BanGUI on this host.">
          This shows what would change. To allow changes, set BANGUI_CONFIG_WRITE to jails where BanGUI is
          started.
        </Banner>
      </Show>
      <ul class={styles['points']}>
        <li class={styles['point']} data-tone="ok">
          <CircleCheck aria-hidden="true" />
          <span>fail2ban tested this in a copy of its configuration and takes it.</span>
        </li>
        <li class={styles['point']}>
          <FileDiff aria-hidden="true" />
          <span>
            {plural(props.preview.files.length, 'file')} {props.preview.files.length === 1 ? 'is' : 'are'}{' '}
            written, then only {showHidden(props.preview.name)} is {on() ? 'loaded' : 'stopped'}. No other
            jail is touched.
          </span>
        </li>
        <Show when={props.preview.bansEnding > 0}>
          <li class={styles['point']} data-tone="warning">
            <Unlock aria-hidden="true" />
            <span>
              <strong>{plural(props.preview.bansEnding, 'ban')}</strong> of this jail{' '}
              {props.preview.bansEnding === 1 ? 'ends' : 'end'} at once.
            </span>
          </li>
        </Show>
        <For each={props.preview.warnings}>
          {(warning) => (
            <li class={styles['point']} data-tone="warning">
              <TriangleAlert aria-hidden="true" />
              <span>{showHidden(warning)}</span>
            </li>
          )}
        </For>
      </ul>
      <ChangedFiles files={props.preview.files} />
      <p class={styles['after']} role="status">
        {props.applying
          ? 'Writing and loading. This takes a moment while fail2ban works.'
          : 'BanGUI watches fail2ban for 60 seconds afterwards and offers to undo it should anything stop.'}
      </p>
    </>
  )
}

/** The shape of a preview while fail2ban tests. */
export function PreviewShape(): JSX.Element {
  return (
    <div class={styles['preview']} aria-busy="true">
      <p class={styles['after']} role="status">
        fail2ban tests the change in a copy of its configuration…
      </p>
      <Skeleton lines={2} height="20px" />
      <Skeleton height="120px" />
    </div>
  )
}
