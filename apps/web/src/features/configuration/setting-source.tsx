import { showHidden } from '@bangui/shared'
import { type JSX, Match, Show, Switch } from 'solid-js'
import { defaultOf, differsFromDefault, type SettingLine } from './group-settings.ts'
import { needWords } from './option-words.ts'
import { PlaceLink } from './place-link.tsx'
import { meaningOf } from './setting-value.tsx'
import styles from './setting-row.module.css'

/** Where the value of a setting comes from, its default, and what a change of it needs. */
export function SettingSource(props: { line: SettingLine; configDir: string | undefined }): JSX.Element {
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
      <Switch fallback="No file sets this option.">
        <Match when={setting()?.file}>
          {(file) => (
            <>
              <PlaceLink file={file()} line={setting()?.line ?? null} configDir={props.configDir} />
              <Show when={setting()?.inherited}> in [DEFAULT]</Show>
            </>
          )}
        </Match>
        <Match when={setting()?.isDefault}>fail2ban’s own default</Match>
        <Match when={setting()}>Set by the jail or by fail2ban itself</Match>
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

/** The value that fail2ban uses, where it is another one. */
export function SettingInForce(props: { line: SettingLine }): JSX.Element {
  const inForce = () => props.line.setting?.inForce ?? null
  const words = () => {
    const value = inForce() ?? ''
    const meaning = meaningOf(value, props.line.option)
    return meaning === undefined ? value : `${value} (${meaning})`
  }
  return (
    <Show when={inForce() !== null}>
      <p class={styles['warning']}>
        <Show when={!props.line.setting?.hidden} fallback="fail2ban currently uses another value.">
          In force: <code class={styles['text']}>{inForce() === '' ? 'empty' : showHidden(words())}</code>
          <br />
          On disk: <code class={styles['text']}>{showHidden(props.line.setting?.value ?? '')}</code>
          <br />
        </Show>{' '}
        The file has not been loaded yet, or somebody has changed the value until the next reload.
      </p>
    </Show>
  )
}
