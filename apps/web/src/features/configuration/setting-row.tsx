import { type EffectiveSetting, showHidden } from '@bangui/shared'
import Link2 from 'lucide-solid/icons/link-2'
import Lock from 'lucide-solid/icons/lock'
import Pencil from 'lucide-solid/icons/pencil'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import { createSignal, type JSX, Show } from 'solid-js'
import { IconButton } from '../../ui/icon-button.tsx'
import { Link } from '../../ui/link.tsx'
import { anchorOf, type SettingsPart, settingHref } from './config-part.ts'
import type { Draft } from './draft.ts'
import { daemonNote } from './daemon-notes.ts'
import { editIn, type FieldContext } from './field-context.ts'
import { SettingCurrent } from './setting-current.tsx'
import { SettingEditor } from './setting-editor.tsx'
import { isOwnValue, type SettingLine } from './group-settings.ts'
import { LogStatus } from './log-status.tsx'
import { labelOf } from './option-words.ts'
import { PurgeNote } from './purge-note.tsx'
import { ReachNote } from './reach-note.tsx'
import { choicesOf, lockOf } from './setting-lock.ts'
import { SettingPending } from './setting-pending.tsx'
import { SettingPlaces } from './setting-places.tsx'
import { SettingInForce, SettingSource } from './setting-source.tsx'
import styles from './setting-row.module.css'

export type SettingRowProps = {
  part: SettingsPart
  line: SettingLine
  /** as the draft leaves it; undefined: as it is, or nobody can tell */
  drafted: EffectiveSetting | undefined
  /** why the draft cannot be applied because of it */
  problems: readonly string[]
  /** undefined: nobody may change it here */
  draft: Draft | undefined
  context: FieldContext
}

/** One setting: what it is, its value, where the value comes from, and what else sets it. */
export function SettingRow(props: SettingRowProps): JSX.Element {
  const label = () => labelOf(props.line.key)
  const name = () => label() ?? showHidden(props.line.key)
  const [isOpen, setOpen] = createSignal(false)
  const open = (isWanted: boolean) => {
    setOpen(isWanted)
    const id = anchorOf(props.line.section, props.line.key)
    if (!isWanted) queueMicrotask(() => focusChange(id))
  }
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
              <Show when={option().since}>{(since) => <>{` From fail2ban ${since()} on.`}</>}</Show>
            </p>
          )}
        </Show>
      </div>
      <div class={styles['value']}>
        <ValueOrForm {...props} name={name()} isOpen={isOpen()} onOpen={open} />
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

/** The row may have moved out of those that are folded away. */
const focusChange = (id: string) =>
  document.getElementById(id)?.querySelector<HTMLElement>('[data-change]')?.focus({ preventScroll: true })

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
            <Tools {...props} mayChange={mayChange()} isReset={pending()?.value === null} />
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
      <SettingPending
        part={props.part}
        line={props.line}
        name={props.name}
        edit={pending()}
        drafted={props.drafted}
        problems={props.problems}
        draft={props.draft}
      />
    </>
  )
}

function Tools(
  props: SettingRowProps & {
    name: string
    mayChange: boolean
    isReset: boolean
    onOpen: (isOpen: boolean) => void
  },
): JSX.Element {
  return (
    <>
      <Show when={props.mayChange}>
        <span class={styles['tools']}>
          <Show when={isOwnValue(props.line) && !props.isReset}>
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
            data-change=""
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
