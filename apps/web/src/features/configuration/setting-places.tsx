import { type EffectiveSetting, type SettingPlace, showHidden } from '@bangui/shared'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { PlaceLink } from './place-link.tsx'
import styles from './setting-row.module.css'

export type SettingPlacesProps = { setting: EffectiveSetting; configDir: string | undefined }

/** The other places that set an option, in order of precedence, with the value that each would give. */
export function SettingPlaces(props: SettingPlacesProps): JSX.Element {
  const [isOpen, setOpen] = createSignal(false)
  const id = createUniqueId()
  const others = () => props.setting.overrides.filter(({ file }) => file !== null)
  const places = (): SettingPlace[] => {
    const { file, line, value, overrides } = props.setting
    return file === null ? overrides : [{ file, line, value }, ...overrides]
  }
  return (
    <Show when={others().length > 0}>
      <div class={styles['others']}>
        <button
          type="button"
          class={styles['more']}
          aria-expanded={isOpen()}
          aria-controls={isOpen() ? id : undefined}
          onClick={() => setOpen(!isOpen())}
        >
          <ChevronRight class={styles['chevron']} aria-hidden="true" />
          {props.setting.file === null
            ? `Set in ${plural(others().length, 'place')} that the jail overrides`
            : `Also set in ${plural(others().length, 'other place')} without effect`}
        </button>
        <Show when={isOpen()}>
          <ol
            class={styles['places']}
            id={id}
            aria-label={`Places that set ${props.setting.key}; the first one takes effect`}
          >
            <For each={places()}>
              {(place, index) => (
                <li>
                  <Show
                    when={place.file}
                    fallback={<span class={styles['place']}>fail2ban’s own default</span>}
                  >
                    {(file) => <PlaceLink file={file()} line={place.line} configDir={props.configDir} />}
                  </Show>
                  <Show when={!props.setting.hidden}>
                    <code class={styles['text']}>
                      {place.value === '' ? '(empty)' : showHidden(place.value)}
                    </code>
                  </Show>
                  <span class={styles['rank']}>{rankOf(props.setting, index())}</span>
                </li>
              )}
            </For>
          </ol>
        </Show>
      </div>
    </Show>
  )
}

function rankOf({ file }: EffectiveSetting, index: number): string {
  const place = file === null ? index + 1 : index
  if (place === 0) return 'in effect'
  return place === 1 ? 'next in line' : ''
}
