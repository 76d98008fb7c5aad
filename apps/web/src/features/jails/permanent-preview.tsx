import { type SettingChange, type SettingsPreview, showHidden } from '@bangui/shared'
import { For, type JSX, Match, Show, Switch } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { LockOutNote } from '../../ui/lock-out-note.tsx'
import { Select } from '../../ui/select.tsx'
import { ChangedFiles, ChangePreview, ReadOnlyNote, Remarks } from './change-preview.tsx'
import { describeValue } from './jail-differences.ts'
import { type Choice, idOf } from './permanent-input.ts'
import styles from './permanent-preview.module.css'

export type PermanentPreviewProps = {
  preview: SettingsPreview
  /** what was changed until the next load, including what is to be written */
  temporary: readonly SettingChange[]
  choices: Readonly<Record<string, Choice>>
  applying: boolean
  onChoose: (change: SettingChange, choice: Choice) => void
}

/** What making settings permanent would do: why it is refused, or the changes, the temporary values and the files. */
export function PermanentPreview(props: PermanentPreviewProps): JSX.Element {
  const of = (kind: SettingChange['kind']) => props.preview.changes.filter((change) => change.kind === kind)
  return (
    <ChangePreview preview={props.preview}>
      <ReadOnlyNote preview={props.preview} />
      <Remarks preview={props.preview}>
        <Show
          when={!props.preview.already}
          fallback="The configuration already has these values. Choose below what else to write."
        >
          {plural(props.preview.files.length, 'file')} {props.preview.files.length === 1 ? 'is' : 'are'}{' '}
          written
          {props.preview.loads
            ? `, then only ${showHidden(props.preview.name)} is loaded again. Its bans stay.`
            : '. The jail is not running: the values take effect at its next start.'}
        </Show>
      </Remarks>
      <Show when={of('asked').length > 0}>
        <Changes title="What changes in the running jail" changes={of('asked')} />
      </Show>
      <Show when={props.temporary.length > 0}>
        <section class={styles['section']}>
          <h3>Changed until the next load</h3>
          <p>The running jail has these values. The configuration does not.</p>
          <ul class={styles['list']}>
            <For each={props.temporary}>
              {(change) => (
                <li class={styles['row']}>
                  <Temporary change={change} />
                  <Select
                    label={`Actions for ${nameOf(change)}`}
                    hideLabel
                    value={props.choices[idOf(change)] ?? 'keep'}
                    options={options}
                    disabled={props.applying}
                    onChange={(choice) => props.onChoose(change, choice as Choice)}
                  />
                </li>
              )}
            </For>
          </ul>
        </section>
      </Show>
      <Show when={of('lost').length > 0}>
        <Changes title="Ends with the reload; BanGUI cannot keep it" changes={of('lost')} />
      </Show>
      <LockOutNote preview={props.preview} />
      <ChangedFiles files={props.preview.files} />
    </ChangePreview>
  )
}

const options = [
  { value: 'keep', label: 'Keep until the next reload' },
  { value: 'write', label: 'Also save' },
  { value: 'end', label: 'Discard' },
]

function Changes(props: { title: string; changes: readonly SettingChange[] }): JSX.Element {
  return (
    <section class={styles['section']}>
      <h3>{props.title}</h3>
      <ul class={styles['list']}>
        <For each={props.changes}>
          {(change) => (
            <li class={styles['row']}>
              <Sentence change={change} />
            </li>
          )}
        </For>
      </ul>
    </section>
  )
}

const labels: Readonly<Record<string, string>> = {
  bantime: 'Ban time',
  findtime: 'Find time',
  maxretry: 'Failures allowed',
  ignoreip: 'Never ban',
  idle: 'Idle',
}

const titleOf = ({ key }: SettingChange) => labels[key] ?? showHidden(key)

const nameOf = (change: SettingChange) =>
  change.key === 'ignoreip' ? showHidden(`${change.now ?? change.after}`) : titleOf(change)

/** A value in effect that differs from the configuration, with both values. */
function Temporary(props: { change: SettingChange }): JSX.Element {
  const value = (text: string | null) => showHidden(describeValue(props.change.key, text))
  return (
    <span class={styles['change']}>
      <strong>{titleOf(props.change)}</strong>{' '}
      <Switch
        fallback={
          <>
            <code>{value(props.change.now)}</code>, configured: <code>{value(props.change.after)}</code>
          </>
        }
      >
        <Match when={props.change.now === null}>
          without <code>{value(props.change.after)}</code>
        </Match>
        <Match when={props.change.after === null}>
          with <code>{value(props.change.now)}</code>
        </Match>
      </Switch>
    </span>
  )
}

/** One change: the setting, its value now, and its value after the load. */
function Sentence(props: { change: SettingChange }): JSX.Element {
  const value = (text: string | null) => showHidden(describeValue(props.change.key, text))
  return (
    <span class={styles['change']}>
      <strong>{titleOf(props.change)}</strong>{' '}
      <Switch
        fallback={
          <>
            <code>{value(props.change.now)}</code> → <code>{value(props.change.after)}</code>
          </>
        }
      >
        <Match when={props.change.now === null}>
          + <code>{value(props.change.after)}</code>
        </Match>
        <Match when={props.change.after === null}>
          − <code>{value(props.change.now)}</code>
        </Match>
      </Switch>
    </span>
  )
}
