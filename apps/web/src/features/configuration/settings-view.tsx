import { showHidden } from '@bangui/shared'
import { useLocation, useSearchParams } from '@solidjs/router'
import { createEffect, For, type JSX, Show } from 'solid-js'
import { decodePath } from '../../lib/decode-path.ts'
import { plural } from '../../lib/format.ts'
import { createMediaQuery } from '../../lib/media.ts'
import { useLive } from '../../live/live-store.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Link } from '../../ui/link.tsx'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import { Switch } from '../../ui/switch.tsx'
import { type SettingsPart, settingHref } from './config-part.ts'
import { groupSettings, notLoaded } from './group-settings.ts'
import { labelOf } from './option-words.ts'
import { SettingsForm } from './settings-form.tsx'
import type { SettingsViewProps } from './settings-props.ts'
import styles from './settings-view.module.css'
import { TextPane } from './text-pane.tsx'

/** Where there is room for form and text side by side; the same width as in the style sheet. */
const WIDE = '(width >= 1280px)'

/** The settings of a part of the configuration, in groups. */
export function SettingsView(props: SettingsViewProps): JSX.Element {
  const [params, setParams] = useSearchParams<{ only?: string; text?: string }>()
  const location = useLocation()
  const all = () => groupSettings(props.part, props.settings, props.options)
  const target = () => decodePath(location.hash.slice(1))
  const isOnly = () => params.only === 'changed'
  const isWide = createMediaQuery(WIDE)
  const isTextShown = () => params.text !== undefined
  const isFormShown = () => isWide() || !isTextShown()
  createEffect(() => {
    const id = target()
    if (id !== '' && props.settings) queueMicrotask(() => showSetting(id))
  })
  return (
    <div class={styles['view']}>
      <OfflineNote part={props.part} />
      <NotLoadedNote part={props.part} groups={all()} />
      <div class={styles['bar']}>
        <SegmentedControl
          label="How the settings are shown"
          value={isTextShown() ? 'text' : 'form'}
          segments={[
            { value: 'form', label: 'Form' },
            { value: 'text', label: isWide() ? 'Form and text' : 'Text' },
          ]}
          onChange={(shown) => setParams({ text: shown === 'text' ? 'yes' : undefined }, { replace: true })}
        />
        <Show when={isFormShown()}>
          <Switch
            label="Only what differs from fail2ban’s defaults"
            checked={isOnly()}
            onChange={(checked) => setParams({ only: checked ? 'changed' : undefined }, { replace: true })}
          />
        </Show>
      </div>
      <div class={styles['split']} data-text={isTextShown() && isFormShown() ? '' : undefined}>
        <Show when={isFormShown()}>
          <div class={styles['form']}>
            <SettingsForm {...props} groups={all()} />
          </div>
        </Show>
        <Show when={isTextShown()}>
          <div class={styles['pane']}>
            <TextPane
              context={props}
              draft={props.draft}
              path={params.text ?? ''}
              onPath={(text) => setParams({ text }, { replace: true })}
            />
          </div>
        </Show>
      </div>
    </div>
  )
}

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
