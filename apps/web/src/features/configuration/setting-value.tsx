import { parseDuration, showHidden } from '@bangui/shared'
import { createSignal, type JSX, Show } from 'solid-js'
import { formatDuration } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import type { CatalogueOption } from './option-words.ts'
import styles from './setting-row.module.css'

/** Longer values are cut until somebody wants all of them. */
const SHOWN_LINES = 8
const SHOWN_LENGTH = 600

/** Returns what a value means in words, where that says more than the value: `600` is 10 min. */
export function meaningOf(value: string, option: CatalogueOption | undefined): string | undefined {
  if (option?.type === 'seconds') {
    // a value with its units says it itself
    const seconds = /^-?\d+$/.test(value) ? parseDuration(value) : undefined
    return seconds === undefined ? undefined : formatDuration(seconds)
  }
  return option?.unit !== undefined && /^-?\d+$/.test(value) ? option.unit : undefined
}

export type SettingValueProps = {
  value: string
  option: CatalogueOption | undefined
  /** the name of the option, for screen readers */
  label: string
}

/** A value as fail2ban has it, with its unit; a long one can be expanded. */
export function SettingValue(props: SettingValueProps): JSX.Element {
  const [isWhole, setWhole] = createSignal(false)
  const text = () => showHidden(props.value)
  const lines = () => text().split('\n')
  const isLong = () => lines().length > SHOWN_LINES || text().length > SHOWN_LENGTH
  const cut = () => lines().slice(0, SHOWN_LINES).join('\n').slice(0, SHOWN_LENGTH)
  const meaning = () => meaningOf(props.value, props.option)
  return (
    <Show when={props.value !== ''} fallback={<span class={styles['none']}>empty</span>}>
      <code class={styles['text']}>{isLong() && !isWhole() ? `${cut()} …` : text()}</code>
      <Show when={meaning()}>
        {' '}
        <span class={styles['unit']}>{meaning()}</span>
      </Show>
      <Show when={isLong()}>
        <div>
          <Button
            size="sm"
            variant="ghost"
            aria-expanded={isWhole()}
            aria-label={`${isWhole() ? 'Show less' : 'Show all'} of ${props.label}`}
            onClick={() => setWhole(!isWhole())}
          >
            {isWhole()
              ? 'Show less'
              : lines().length > SHOWN_LINES
                ? `Show all ${lines().length} lines`
                : 'Show all'}
          </Button>
        </div>
      </Show>
    </Show>
  )
}
