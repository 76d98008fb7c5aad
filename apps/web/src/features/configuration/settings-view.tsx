import { type EffectiveSetting, showHidden } from '@bangui/shared'
import type { RouterOutputs } from '@bangui/server/router'
import { useLocation, useSearchParams } from '@solidjs/router'
import { createEffect, For, type JSX, Show } from 'solid-js'
import { decodePath } from '../../lib/decode-path.ts'
import { plural } from '../../lib/format.ts'
import { useLive } from '../../live/live-store.tsx'
import { Banner } from '../../ui/banner.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Link } from '../../ui/link.tsx'
import { Switch } from '../../ui/switch.tsx'
import { anchorOf, type SettingsPart, settingHref } from './config-part.ts'
import type { Draft } from './draft.ts'
import {
  defaultOf,
  differsFromDefault,
  groupSettings,
  isRareLine,
  notLoaded,
  type SettingGroup,
  type SettingLine,
} from './group-settings.ts'
import { labelOf } from './option-words.ts'
import { IncrementChart } from './increment-chart.tsx'
import type { PartSources } from './part-sources.ts'
import { SettingGroupCard } from './setting-group.tsx'
import { SettingRow } from './setting-row.tsx'
import styles from './settings-view.module.css'

export type SettingsViewProps = {
  part: SettingsPart
  settings: RouterOutputs['config']['effective']['settings']
  options: RouterOutputs['config']['options']
  sources: PartSources
  /** the part is in the draft only */
  isNew?: boolean
  /** as the draft leaves them; undefined: as they are, or nobody can tell */
  drafted: readonly EffectiveSetting[] | undefined
  /** undefined: nobody may change it here */
  draft: Draft | undefined
}

/** The settings of a part of the configuration, in groups. */
export function SettingsView(props: SettingsViewProps): JSX.Element {
  const [params, setParams] = useSearchParams<{ only?: string }>()
  const location = useLocation()
  const all = () => groupSettings(props.part, props.settings, props.options)
  // a link to a setting shows it, whatever is left out else
  const target = () => decodePath(location.hash.slice(1))
  const isOnly = () => params.only === 'changed'
  const groups = () =>
    all()
      .map((group) => ({
        ...group,
        lines: isOnly() ? group.lines.filter((line) => differsFromDefault(line)) : group.lines,
      }))
      .filter(({ lines }) => lines.length > 0)
  const isDrafted = (line: SettingLine) =>
    props.draft?.findSetting(props.part, line) !== undefined || differsInDraft(props.drafted, line)
  const isTarget = (line: SettingLine) => anchorOf(line.section, line.key) === target()
  /** what is asked for, or in the draft, is never folded away */
  const isShown = (line: SettingLine, group: SettingGroup) =>
    isOnly() || !isRareLine(line, group) || isDrafted(line) || isTarget(line)
  const row = (line: SettingLine) => (
    <SettingRow
      part={props.part}
      line={line}
      drafted={draftedOf(props.drafted, line)}
      draft={props.draft}
      context={props}
    />
  )
  /** as the draft leaves it */
  const valueOf = (key: string) => {
    const line = all()
      .flatMap(({ lines }) => lines)
      .find((each) => each.key === key)
    if (line === undefined) return ''
    const typed = props.draft?.findSetting(props.part, line)?.value
    const drafted = draftedOf(props.drafted, line)?.value
    return typed ?? drafted ?? line.setting?.value ?? defaultOf(line) ?? ''
  }
  createEffect(() => {
    const id = target()
    if (id !== '' && props.settings) queueMicrotask(() => showSetting(id))
  })
  return (
    <div class={styles['view']}>
      <OfflineNote part={props.part} />
      <NotLoadedNote part={props.part} groups={all()} />
      <div class={styles['bar']}>
        <Switch
          label="Only what differs from fail2ban’s defaults"
          checked={isOnly()}
          onChange={(checked) => setParams({ only: checked ? 'changed' : undefined }, { replace: true })}
        />
      </div>
      <For
        each={groups()}
        fallback={
          <EmptyState title="Nothing differs from the defaults">
            No file sets a value that differs from fail2ban’s own defaults here.
          </EmptyState>
        }
      >
        {(group) => (
          <SettingGroupCard
            group={group}
            isShown={(line) => isShown(line, group)}
            row={row}
            chart={<IncrementChart valueOf={valueOf} />}
          />
        )}
      </For>
    </div>
  )
}

const draftedOf = (drafted: SettingsViewProps['drafted'], { section, key }: SettingLine) =>
  drafted?.find((each) => each.key === key && each.section === section)

const differsInDraft = (drafted: SettingsViewProps['drafted'], line: SettingLine) =>
  drafted !== undefined && draftedOf(drafted, line)?.value !== line.setting?.value

/** Brings a setting into view and focuses it. */
function showSetting(id: string): void {
  const element = document.getElementById(id)
  if (!element) return
  element.scrollIntoView({ block: 'center' })
  element.focus({ preventScroll: true })
  for (const other of document.querySelectorAll('[data-linked]')) other.removeAttribute('data-linked')
  element.setAttribute('data-linked', '')
}

/** Without a daemon, nobody knows what is in force. */
function OfflineNote(props: { part: SettingsPart }): JSX.Element {
  const live = useLive()
  const isOffline = () => live.runtime?.serverStatus.online === false
  return (
    <Show when={props.part.kind === 'jail' && isOffline()}>
      <Banner tone="info" role="note" title="fail2ban is not running">
        The values below come from the files. BanGUI cannot compare them with what fail2ban uses, because
        fail2ban is not running.
      </Banner>
    </Show>
  )
}

function NotLoadedNote(props: { part: SettingsPart; groups: Parameters<typeof notLoaded>[0] }): JSX.Element {
  const lines = () => notLoaded(props.groups)
  return (
    <Show when={lines().length > 0}>
      <Banner
        tone="warning"
        role="note"
        title={`${plural(lines().length, 'setting')} on disk ${lines().length === 1 ? 'differs' : 'differ'} from what fail2ban uses`}
      >
        <For each={lines()}>
          {(line, index) => (
            <>
              {index() > 0 ? ', ' : ''}
              <Link href={settingHref(props.part, line)}>{labelOf(line.key) ?? showHidden(line.key)}</Link>
            </>
          )}
        </For>
        . Reload the jail to load the files.
      </Banner>
    </Show>
  )
}
