import { type ConfigPreview, showHidden } from '@bangui/shared'
import X from 'lucide-solid/icons/x'
import { For, type JSX, Show } from 'solid-js'
import { formatList, plural } from '../../lib/format.ts'
import { describeLifted } from '../../lib/lifted-bans.ts'
import { Banner } from '../../ui/banner.tsx'
import { CodeBlock } from '../../ui/copy-command.tsx'
import { DiffView } from '../../ui/diff-view.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { LockOutNote } from '../../ui/lock-out-note.tsx'
import { describeEdit } from './describe-edit.ts'
import type { Draft } from './draft.ts'
import { PlaceLink } from './place-link.tsx'
import styles from './setting-editor.module.css'

/** The edits of the draft, and what a preview says about them. */
export function ReviewView(props: {
  draft: Draft
  /** undefined: there is none */
  preview: ConfigPreview | undefined
  configDir: string | undefined
}): JSX.Element {
  return (
    <>
      <Show when={props.preview}>
        {(preview) => (
          <>
            <Verdict preview={preview()} />
            <Messages preview={preview()} configDir={props.configDir} />
          </>
        )}
      </Show>
      <section class={styles['section']}>
        <h3>Changes</h3>
        <ul class={styles['edits']}>
          <For each={props.draft.edits()}>
            {(edit) => (
              <li>
                <span class={styles['edit']}>{describeEdit(edit)}</span>
                <IconButton
                  size="sm"
                  label={`Remove from the draft: ${describeEdit(edit)}`}
                  icon={<X />}
                  onClick={() => props.draft.remove(edit)}
                />
              </li>
            )}
          </For>
        </ul>
      </section>
      <Show when={props.preview}>{(preview) => <Files preview={preview()} />}</Show>
    </>
  )
}

function Verdict(props: { preview: ConfigPreview }): JSX.Element {
  return (
    <Show
      when={props.preview.ok}
      fallback={
        <Banner tone="danger" title="fail2ban would refuse this">
          Nothing was changed. Correct the draft, or remove the change that causes it.
          <Show when={props.preview.messages.length === 0 && props.preview.output}>
            {(output) => <CodeBlock label="Output of fail2ban" code={output()} />}
          </Show>
        </Banner>
      }
    >
      <Banner tone="ok" title="Tested on a copy: fail2ban accepts the changes">
        {describeLoad(props.preview)}
      </Banner>
      <LockOutNote preview={props.preview} />
    </Show>
  )
}

/** What happens after the files are written, in sentences. */
export function describeLoad({ load, bansEnding, bansInterrupted }: ConfigPreview): string {
  const restarted = load.restartJails.map(showHidden)
  const loaded = load.jails.map(showHidden).filter((name) => !restarted.includes(name))
  const sentences = [
    load.restart && 'fail2ban will be restarted.',
    loaded.length > 0 && `${formatList(loaded)} will be reloaded; bans stay.`,
    restarted.length > 0 && `${formatList(restarted)} will be restarted.`,
    load.stopJails.length > 0 && `${formatList(load.stopJails.map(showHidden))} will be stopped.`,
    describeLifted({ load, bansInterrupted }),
    bansEnding > 0 && `${plural(bansEnding, 'ban')} will end.`,
  ].filter((sentence) => sentence !== false && sentence !== undefined)
  return sentences.length === 0 ? 'Nothing needs to be loaded.' : sentences.join(' ')
}

function Messages(props: { preview: ConfigPreview; configDir: string | undefined }): JSX.Element {
  return (
    <Show when={props.preview.messages.length > 0}>
      <ul class={styles['list']} aria-label="Messages">
        <For each={props.preview.messages}>
          {({ severity, text, file, line, jail }) => (
            <li class={styles['message']} data-severity={severity}>
              <span>
                {severity === 'error' ? 'Error' : 'Warning'}
                {jail === null ? '' : ` in ${showHidden(jail)}`}: {showHidden(text)}
              </span>
              <Show when={file}>
                {(path) => <PlaceLink file={path()} line={line} configDir={props.configDir} />}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}

function Files(props: { preview: ConfigPreview }): JSX.Element {
  return (
    <For each={props.preview.diff}>
      {({ file, unified }) => (
        <section class={styles['section']}>
          <h3>{showHidden(file)}</h3>
          <DiffView path={file} diff={unified} />
        </section>
      )}
    </For>
  )
}

/** The files were written, and fail2ban did not take them: everything is as before. */
export function NotApplied(props: { output: string }): JSX.Element {
  return (
    <Banner tone="danger" role="alert" title="fail2ban did not accept the changes, so BanGUI undid them">
      The files are as they were before.
      <Show when={props.output !== ''}>
        <CodeBlock label="Output of fail2ban" code={props.output} />
      </Show>
    </Banner>
  )
}
