import { type EffectiveSetting, type SetEdit, showHidden } from '@bangui/shared'
import Link2 from 'lucide-solid/icons/link-2'
import Lock from 'lucide-solid/icons/lock'
import Pencil from 'lucide-solid/icons/pencil'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import { createSignal, type JSX, Show } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Link } from '../../ui/link.tsx'
import { anchorOf, type SettingsPart, settingHref } from './config-part.ts'
import type { Draft } from './draft.ts'
import { removeFromDraft } from './draft-undo.ts'
import { daemonNote, neverReasons } from './daemon-notes.ts'
import { editIn, type FieldContext, shownValue } from './field-context.ts'
import { SettingCurrent } from './setting-current.tsx'
import { SettingEditor } from './setting-editor.tsx'
import formStyles from './setting-editor.module.css'
import { isOwnValue, type SettingLine } from './group-settings.ts'
import { LogStatus } from './log-status.tsx'
import { labelOf } from './option-words.ts'
import { PurgeNote } from './purge-note.tsx'
import { ReachNote } from './reach-note.tsx'
import { SettingPlaces } from './setting-places.tsx'
import { SettingInForce, SettingSource } from './setting-source.tsx'
import styles from './settings-view.module.css'

export type SettingRowProps = {
  part: SettingsPart
  line: SettingLine
  /** as the draft leaves it; undefined: as it is, or nobody can tell */
  drafted: EffectiveSetting | undefined
  /** undefined: nobody may change it here */
  draft: Draft | undefined
  context: FieldContext
}

/** One setting: what it is, its value, where the value comes from, and what else sets it. */
export function SettingRow(props: SettingRowProps): JSX.Element {
  const label = () => labelOf(props.line.key)
  const name = () => label() ?? showHidden(props.line.key)
  const [isOpen, setOpen] = createSignal(false)
  const drafted = () =>
    props.draft?.findSetting(props.part, props.line)?.value ??
    (props.drafted ?? props.line.setting)?.value ??
    ''
  return (
    <article class={styles['row']} id={anchorOf(props.line.section, props.line.key)} tabindex="-1">
      <div class={styles['what']}>
        <div class={styles['head']}>
          <h3 class={styles['label']}>{name()}</h3>
          <span class={styles['anchor']}>
            <Link href={settingHref(props.part, props.line)} quiet label={`Link to ${name()}`}>
              <Link2 aria-hidden="true" />
            </Link>
          </span>
        </div>
        <Show when={label()}>
          <code class={styles['key']}>{showHidden(props.line.key)}</code>
        </Show>
        <Show when={props.line.option}>
          {(option) => (
            <p class={styles['meaning']}>
              {option().meaning}
              <Show when={option().since}>{(since) => ` From fail2ban ${since()} on.`}</Show>
            </p>
          )}
        </Show>
      </div>
      <div class={styles['value']}>
        <ValueOrForm {...props} name={name()} isOpen={isOpen()} onOpen={setOpen} />
        <Show when={!isOpen() && isSource(props.line) && jailOf(props)}>
          {(jail) => (
            <LogStatus
              paths={props.line.key === 'logpath' ? linesOf(props.line) : []}
              journal={props.line.key === 'logpath' ? undefined : props.line.setting?.value || undefined}
              filter={{ jail: jail() }}
            />
          )}
        </Show>
        <Show when={props.part.kind === 'fail2ban' && daemonNote(props.line.key, drafted())}>
          {(note) => <p class={styles['warning']}>{note()}</p>}
        </Show>
        <Show when={props.part.kind === 'fail2ban' && props.line.key === 'dbpurgeage'}>
          <PurgeNote age={drafted()} />
        </Show>
        <SettingSource line={props.line} configDir={props.context.sources.configDir} />
        <Show when={props.line.setting}>
          {(known) => (
            <>
              <SettingInForce line={props.line} />
              <Show when={known().meant}>
                {(meant) => (
                  <p class={styles['warning']}>
                    fail2ban does not know this name, so it has no effect. Did you mean <code>{meant()}</code>
                    ?
                  </p>
                )}
              </Show>
              <Show when={props.part.kind === 'default'}>
                <ReachNote setting={known()} jails={props.context.sources.jails} />
              </Show>
              <SettingPlaces setting={known()} configDir={props.context.sources.configDir} />
            </>
          )}
        </Show>
      </div>
    </article>
  )
}

const jailOf = ({ part }: SettingRowProps): string | undefined =>
  part.kind === 'jail' ? part.name : undefined

const isSource = ({ key }: SettingLine) => key === 'logpath' || key === 'journalmatch'

const linesOf = ({ setting }: SettingLine): string[] =>
  (setting?.value ?? '').split('\n').filter((path) => path !== '')

/** The value, and a form for it once somebody wants to change it. */
function ValueOrForm(
  props: SettingRowProps & { name: string; isOpen: boolean; onOpen: (isOpen: boolean) => void },
): JSX.Element {
  const pending = () => props.draft?.findSetting(props.part, props.line)
  // the values of a filter or an action in a jail are changed on its own page
  const mayChange = () =>
    props.draft !== undefined &&
    props.line.setting?.hidden !== true &&
    lockOf(props) === undefined &&
    (props.part.kind !== 'jail' || props.line.section === props.part.name)
  return (
    <>
      <Show
        when={props.isOpen && props.draft}
        fallback={
          <div class={styles['editable']}>
            <SettingCurrent line={props.line} name={props.name} part={props.part} />
            <Show when={mayChange()}>
              <span class={styles['tools']}>
                <Show when={isOwnValue(props.line) && pending()?.value !== null}>
                  <IconButton
                    size="sm"
                    label={resetWords(props.name, props.line)}
                    icon={<RotateCcw />}
                    onClick={() => props.draft?.add(editIn(props.context, props.line, null))}
                  />
                </Show>
                <IconButton
                  size="sm"
                  label={`Change ${props.name}`}
                  icon={<Pencil />}
                  onClick={() => props.onOpen(true)}
                />
              </span>
            </Show>
            <Show when={props.draft !== undefined && lockOf(props)}>
              {(reason) => (
                <span
                  class={styles['locked']}
                  tabindex="0"
                  role="img"
                  aria-label={`${props.name} ${reason()}`}
                  data-tooltip={`${props.name} ${reason()}`}
                >
                  <Lock aria-hidden="true" />
                </span>
              )}
            </Show>
          </div>
        }
      >
        {(draft) => (
          <SettingEditor
            part={props.part}
            line={props.line}
            drafted={props.drafted}
            name={props.name}
            draft={draft()}
            context={props.context}
            choices={choicesOf(props)}
            onClose={() => props.onOpen(false)}
          />
        )}
      </Show>
      <Show
        when={pending() === undefined && props.drafted?.value !== props.line.setting?.value && props.drafted}
      >
        {(drafted) => (
          <p class={formStyles['pending']}>
            <span>
              With the draft: <code class={styles['text']}>{shownValue(drafted().value)}</code>
            </span>
          </p>
        )}
      </Show>
      <Show when={pending()}>
        {(edit) => (
          <Pending
            edit={edit()}
            name={props.name}
            onRemove={() => props.draft && removeFromDraft(props.draft, edit())}
          />
        )}
      </Show>
    </>
  )
}

/** What the value is without the own file. */
function resetWords(name: string, { setting }: SettingLine): string {
  const next = setting?.overrides[0]
  if (next === undefined) return `Remove the value of ${name}`
  const value =
    next.value.length > 40 || next.value.includes('\n') ? 'the value of the next file' : next.value
  return `Reset ${name} to ${value === '' ? 'empty' : showHidden(value)}`
}

/** Returns why a setting cannot be changed on this host, as the rest of a sentence; undefined: it can. */
function lockOf(props: SettingRowProps): string | undefined {
  const { line, context } = props
  if (line.option?.privilege === 'never') {
    const reason = neverReasons[line.key]
    return reason === undefined ? 'is never changed by BanGUI.' : `is never changed by BanGUI: ${reason}`
  }
  if (context.sources.write === 'all' || !isForAllOnly(props)) return undefined
  return `needs BANGUI_CONFIG_WRITE=all on the host: ${whyAll(props)}`
}

/** Returns whether only `BANGUI_CONFIG_WRITE=all` allows to change an option, whatever the value. */
function isForAllOnly({ part, line }: SettingRowProps): boolean {
  if (part.kind === 'action') return true
  // the parts of a filter's expressions have names of their own
  if (part.kind === 'filter') return false
  return line.option === undefined || line.option.privilege === 'all'
}

function whyAll({ part, line }: SettingRowProps): string {
  if (part.kind === 'action') return 'the files of actions contain the commands that fail2ban runs as root.'
  if (line.key === 'action')
    return 'actions run commands as root. The ports, the protocol and the blocking action can be changed without it.'
  return 'it can run commands or write files as root.'
}

/** The values to choose from; undefined: any value can be typed. */
function choicesOf({ line, context }: SettingRowProps): readonly string[] | undefined {
  const { write, actions } = context.sources
  const choices = line.option?.choices
  if (line.option?.type === 'choice' || choices === undefined) return choices
  if (write === 'all') return undefined
  const isAction = line.key.startsWith('banaction')
  return isAction ? choices.filter((name) => actions?.some((each) => each.name === name)) : choices
}

/** What the draft makes of a setting. */
function Pending(props: { edit: SetEdit; name: string; onRemove: () => void }): JSX.Element {
  return (
    <p class={formStyles['pending']}>
      <span>
        In the draft:{' '}
        <Show when={props.edit.value !== null} fallback="without the own value">
          <code class={styles['text']}>{showHidden(props.edit.value ?? '') || '(empty)'}</code>
        </Show>
      </span>
      <Button
        size="sm"
        variant="ghost"
        aria-label={`Remove ${props.name} from the draft`}
        onClick={() => props.onRemove()}
      >
        Remove
      </Button>
    </p>
  )
}
