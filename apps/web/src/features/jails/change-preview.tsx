import { showHidden, type SwitchPreview } from '@bangui/shared'
import CircleCheck from 'lucide-solid/icons/circle-check'
import FileDiff from 'lucide-solid/icons/file-diff'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { For, type JSX, Show } from 'solid-js'
import { Banner } from '../../ui/banner.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import styles from './change-preview.module.css'
import { DiffView } from '../../ui/diff-view.tsx'

/** The common fields of previews of configuration changes. */
export type ChangePreviewData = Pick<
  SwitchPreview,
  'name' | 'already' | 'refused' | 'refusedReason' | 'readOnly' | 'files' | 'warnings'
>

/** What a change of the configuration would do: why it is refused, or its content. */
export function ChangePreview(props: { preview: ChangePreviewData; children: JSX.Element }): JSX.Element {
  return (
    <div class={styles['preview']}>
      <Show when={props.preview.refused} fallback={props.children}>
        {(reason) => <Refused reason={reason()} code={props.preview.refusedReason} />}
      </Show>
    </div>
  )
}

/** Why a change is refused: fail2ban's output, or that BanGUI cannot write. */
function Refused(props: { reason: string; code: SwitchPreview['refusedReason'] }): JSX.Element {
  return (
    <Show
      when={props.code === 'config_unwritable'}
      fallback={
        <>
          <Banner tone="danger" role="alert" title="fail2ban would refuse this, so nothing was changed.">
            Correct the setting that the message names, then try again. Other jails keep running.
          </Banner>
          <CodeBlock label="Output of fail2ban" code={props.reason} />
        </>
      }
    >
      <Banner tone="danger" role="alert" title="BanGUI cannot write the files for this.">
        {showHidden(props.reason)}
      </Banner>
    </Show>
  )
}

/** Says that the configuration is read-only on this host, if it is. */
export function ReadOnlyNote(props: { preview: Pick<ChangePreviewData, 'readOnly'> }): JSX.Element {
  return (
    <Show when={props.preview.readOnly}>
      <Banner tone="info" title="The configuration is read-only for BanGUI on this host.">
        This shows what would change. To allow changes, set BANGUI_CONFIG_WRITE=jails in BanGUI's environment
        and restart BanGUI.
      </Banner>
    </Show>
  )
}

export type RemarksProps = {
  preview: Pick<ChangePreviewData, 'warnings'>
  /** what is done */
  children: JSX.Element
  /** further items of the list */
  more?: JSX.Element
}

/** Says that fail2ban accepts a change, what is done, and the warnings. */
export function Remarks(props: RemarksProps): JSX.Element {
  return (
    <ul class={styles['points']}>
      <Point tone="ok" icon={<CircleCheck aria-hidden="true" />}>
        Tested on a copy of the configuration: OK.
      </Point>
      <Point icon={<FileDiff aria-hidden="true" />}>{props.children}</Point>
      {props.more}
      <For each={props.preview.warnings}>
        {(warning) => (
          <Point tone="warning" icon={<TriangleAlert aria-hidden="true" />}>
            {showHidden(warning)}
          </Point>
        )}
      </For>
    </ul>
  )
}

/** One warning. */
export function Point(props: {
  tone?: 'ok' | 'warning'
  icon: JSX.Element
  children: JSX.Element
}): JSX.Element {
  return (
    <li class={styles['point']} data-tone={props.tone}>
      {props.icon}
      <span>{props.children}</span>
    </li>
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

/** The skeleton of a preview while fail2ban tests. */
export function PreviewShape(): JSX.Element {
  return (
    <div class={styles['preview']} aria-busy="true">
      <p class={styles['after']} role="status">
        Testing the change on a copy of the configuration…
      </p>
      <Skeleton lines={2} height="20px" />
      <Skeleton height="120px" />
    </div>
  )
}
