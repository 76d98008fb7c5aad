import { showHidden } from '@bangui/shared'
import { type JSX, Match, Show, Switch } from 'solid-js'
import type { SettingsPart } from './config-part.ts'
import type { SettingLine } from './group-settings.ts'
import { ReferenceList } from './reference-list.tsx'
import { SettingValue } from './setting-value.tsx'
import styles from './setting-row.module.css'

/** The effective value of a setting, and how it is written where that differs. */
export function SettingCurrent(props: { line: SettingLine; name: string; part: SettingsPart }): JSX.Element {
  const setting = () => props.line.setting
  const raw = () => {
    const { raw: written, value } = setting() ?? {}
    return written === value ? undefined : written || undefined
  }
  /** filled in for each jail with its own values: there is no one value */
  const template = () => (props.part.kind === 'default' && raw()?.includes('%(') ? raw() : undefined)
  const referenceKind = () => {
    const { key, section } = props.line
    const isOfJail = props.part.kind === 'jail' && section === props.part.name
    return isOfJail && (key === 'filter' || key === 'action') ? key : undefined
  }
  return (
    <div class={styles['current']}>
      <Switch fallback={<span class={styles['none']}>not set</span>}>
        <Match when={setting()?.hidden}>
          <span class={styles['none']}>has a value that only administrators can see</span>
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
              <Show
                when={known().value !== '' && referenceKind()}
                fallback={
                  <SettingValue value={known().value} option={props.line.option} label={props.name} />
                }
              >
                {(kind) => <ReferenceList kind={kind()} value={known().value} />}
              </Show>
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
