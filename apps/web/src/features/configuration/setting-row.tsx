import { type SetEdit, showHidden } from '@bangui/shared'
import type { RouterOutputs } from '@bangui/server/router'
import Link2 from 'lucide-solid/icons/link-2'
import Lock from 'lucide-solid/icons/lock'
import Pencil from 'lucide-solid/icons/pencil'
import { createSignal, type JSX, Match, Show, Switch } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Link } from '../../ui/link.tsx'
import { anchorOf, type SettingsPart, settingHref } from './config-part.ts'
import type { Draft } from './draft.ts'
import { removeFromDraft } from './draft-undo.ts'
import { SettingEditor } from './setting-editor.tsx'
import formStyles from './setting-editor.module.css'
import { defaultOf, differsFromDefault, type SettingLine } from './group-settings.ts'
import { LogStatus } from './log-status.tsx'
import { labelOf, needWords } from './option-words.ts'
import type { PartSources } from './part-sources.ts'
import { PlaceLink } from './place-link.tsx'
import { PurgeNote } from './purge-note.tsx'
import { ReachNote } from './reach-note.tsx'
import { SettingPlaces } from './setting-places.tsx'
import { meaningOf, SettingValue } from './setting-value.tsx'
import styles from './settings-view.module.css'

export type SettingRowProps = {
  part: SettingsPart
  line: SettingLine
  configDir: string | undefined
  jails: RouterOutputs['config']['jails'] | undefined
  /** undefined: nobody may change it here */
  draft: Draft | undefined
  write: PartSources['write']
  /** the actions that are installed; undefined: not known */
  actions: PartSources['actions']
}

/** One setting: what it is, its value, where the value comes from, and what else sets it. */
export function SettingRow(props: SettingRowProps): JSX.Element {
  const label = () => labelOf(props.line.key)
  const name = () => label() ?? showHidden(props.line.key)
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
        <ValueOrForm {...props} name={name()} />
        <Show when={props.line.key === 'logpath' && jailOf(props.part)}>
          {(jail) => <LogStatus paths={linesOf(props.line)} filter={{ jail: jail() }} />}
        </Show>
        <Show when={props.part.kind === 'fail2ban' && props.line.key === 'dbpurgeage'}>
          <PurgeNote
            age={props.draft?.findSetting(props.part, props.line)?.value ?? props.line.setting?.value ?? ''}
          />
        </Show>
        <Source line={props.line} configDir={props.configDir} />
        <Show when={props.line.setting}>
          {(known) => (
            <>
              <InForce line={props.line} />
              <Show when={known().meant}>
                {(meant) => (
                  <p class={styles['warning']}>
                    fail2ban does not know this name, so it has no effect. Did you mean <code>{meant()}</code>
                    ?
                  </p>
                )}
              </Show>
              <Show when={props.part.kind === 'default'}>
                <ReachNote setting={known()} jails={props.jails} />
              </Show>
              <SettingPlaces setting={known()} configDir={props.configDir} />
            </>
          )}
        </Show>
      </div>
    </article>
  )
}

const jailOf = (part: SettingsPart): string | undefined => (part.kind === 'jail' ? part.name : undefined)

const linesOf = ({ setting }: SettingLine): string[] =>
  (setting?.value ?? '').split('\n').filter((path) => path !== '')

/** The value, and a form for it once somebody wants to change it. */
function ValueOrForm(props: SettingRowProps & { name: string }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false)
  const needsAll = () => props.write !== 'all' && isForAllOnly(props)
  // the values of a filter or an action in a jail are changed on its own page
  const mayChange = () =>
    props.draft !== undefined &&
    props.line.setting?.hidden !== true &&
    props.line.option?.privilege !== 'never' &&
    !needsAll() &&
    (props.part.kind !== 'jail' || props.line.section === props.part.name)
  return (
    <>
      <Show
        when={isOpen() && props.draft}
        fallback={
          <div class={styles['editable']}>
            <Value line={props.line} name={props.name} isForAll={props.part.kind === 'default'} />
            <Show when={mayChange()}>
              <IconButton
                size="sm"
                label={`Change ${props.name}`}
                icon={<Pencil />}
                onClick={() => setOpen(true)}
              />
            </Show>
            <Show when={props.draft !== undefined && needsAll()}>
              <span
                class={styles['locked']}
                tabindex="0"
                role="img"
                aria-label={`${props.name} needs BANGUI_CONFIG_WRITE=all on the host: ${whyAll(props)}`}
                data-tooltip={`Needs BANGUI_CONFIG_WRITE=all on the host: ${whyAll(props)}`}
              >
                <Lock aria-hidden="true" />
              </span>
            </Show>
          </div>
        }
      >
        {(draft) => (
          <SettingEditor
            part={props.part}
            line={props.line}
            name={props.name}
            draft={draft()}
            choices={choicesOf(props)}
            onClose={() => setOpen(false)}
          />
        )}
      </Show>
      <Show when={props.draft?.findSetting(props.part, props.line)}>
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

/** Returns whether only `BANGUI_CONFIG_WRITE=all` allows to change an option, whatever the value. */
function isForAllOnly({ part, line }: SettingRowProps): boolean {
  if (part.kind === 'action') return true
  // the parts of a filter's expressions have names of their own
  if (part.kind === 'filter') return false
  return line.option === undefined || line.option.privilege === 'all'
}

const whyAll = ({ part }: SettingRowProps): string =>
  part.kind === 'action'
    ? 'the files of actions contain the commands that fail2ban runs as root.'
    : 'it can run commands or write files as root.'

/** The values to choose from; undefined: any value can be typed. */
function choicesOf({ line, write, actions }: SettingRowProps): readonly string[] | undefined {
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

function Value(props: { line: SettingLine; name: string; isForAll: boolean }): JSX.Element {
  const setting = () => props.line.setting
  const raw = () => {
    const { raw: written, value } = setting() ?? {}
    return written === value ? undefined : written || undefined
  }
  /** filled in for each jail with its own values: there is no one value */
  const template = () => (props.isForAll && raw()?.includes('%(') ? raw() : undefined)
  return (
    <div class={styles['current']}>
      <Switch fallback={<span class={styles['none']}>not set</span>}>
        <Match when={setting()?.hidden}>
          <span class={styles['none']}>has a value, which only administrators can see</span>
        </Match>
        <Match when={template()}>
          {(written) => (
            <>
              <SettingValue value={written()} option={undefined} label={props.name} />
              <p class={styles['raw']}>Each jail fills in its own values.</p>
            </>
          )}
        </Match>
        <Match when={setting()}>
          {(known) => (
            <>
              <SettingValue value={known().value} option={props.line.option} label={props.name} />
              <Show when={raw()}>
                {(written) => (
                  <p class={styles['raw']}>
                    Written as <code class={styles['text']}>{showHidden(written())}</code>
                  </p>
                )}
              </Show>
            </>
          )}
        </Match>
      </Switch>
    </div>
  )
}

function Source(props: { line: SettingLine; configDir: string | undefined }): JSX.Element {
  const setting = () => props.line.setting
  const fallback = () => (differsFromDefault(props.line) ? defaultOf(props.line) || undefined : undefined)
  const needs = () => {
    const { option } = props.line
    return option === undefined || option.isVariable === true ? undefined : needWords[option.needs]
  }
  const words = (value: string) => {
    if (value === '') return 'empty'
    const meaning = meaningOf(value, props.line.option)
    return meaning === undefined ? value : `${value} (${meaning})`
  }
  return (
    <p class={styles['source']}>
      <Switch fallback="No file sets it.">
        <Match when={setting()?.file}>
          {(file) => (
            <>
              <PlaceLink file={file()} line={setting()?.line ?? null} configDir={props.configDir} />
              <Show when={setting()?.inherited}> in [DEFAULT]</Show>
            </>
          )}
        </Match>
        <Match when={setting()?.isDefault}>fail2ban’s own default</Match>
        <Match when={setting()}>Given by the jail or by fail2ban itself</Match>
      </Switch>
      <Show when={fallback() !== undefined && !setting()?.hidden}>
        <span class={styles['dot']} aria-hidden="true" />
        <span>
          Default: <span class={styles['default']}>{showHidden(words(fallback() ?? ''))}</span>
        </span>
      </Show>
      <Show when={needs()}>
        {(sentence) => (
          <>
            <span class={styles['dot']} aria-hidden="true" />
            <span>{sentence()}</span>
          </>
        )}
      </Show>
    </p>
  )
}

function InForce(props: { line: SettingLine }): JSX.Element {
  const inForce = () => props.line.setting?.inForce ?? null
  const words = () => {
    const value = inForce() ?? ''
    const meaning = meaningOf(value, props.line.option)
    return meaning === undefined ? value : `${value} (${meaning})`
  }
  return (
    <Show when={inForce() !== null}>
      <p class={styles['warning']}>
        <Show when={!props.line.setting?.hidden} fallback="fail2ban uses another value at the moment.">
          In force: <code class={styles['text']}>{inForce() === '' ? 'empty' : showHidden(words())}</code>
          <br />
          On disk: <code class={styles['text']}>{showHidden(props.line.setting?.value ?? '')}</code>
          <br />
        </Show>{' '}
        The file was not loaded yet, or the value was changed until the next reload.
      </p>
    </Show>
  )
}
