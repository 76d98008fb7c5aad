import Search from 'lucide-solid/icons/search'
import { createEffect, createMemo, createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { type Command, matchCommands } from './match.ts'
import styles from './palette.module.css'

const most = 50

export type CommandListProps = {
  commands: readonly Command[]
  /** more of them for what was typed, after those that fit it */
  suggest?: (typed: string) => readonly Command[]
  onRun: (command: Command) => void
}

/** A field with a list under it: arrows choose, Enter runs. */
export function CommandList(props: CommandListProps): JSX.Element {
  const id = createUniqueId()
  const [typed, setTyped] = createSignal('')
  const [at, setAt] = createSignal(0)
  const found = createMemo(() => [
    ...matchCommands(props.commands, typed()).slice(0, most),
    ...(props.suggest?.(typed()) ?? []),
  ])
  const active = () => found()[Math.min(at(), found().length - 1)]
  const optionId = (command: Command | undefined) => (command ? `${id}-${command.id}` : undefined)

  const move = (step: number) => {
    const count = found().length
    if (count > 0) setAt((Math.min(at(), count - 1) + step + count) % count)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Enter: () => {
        const command = active()
        if (command) props.onRun(command)
      },
    }
    const act = event.isComposing ? undefined : moves[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  createEffect(() => {
    const current = optionId(active())
    if (current) document.getElementById(current)?.scrollIntoView?.({ block: 'nearest' })
  })

  return (
    <>
      <div class={styles['field']}>
        <Search aria-hidden="true" />
        <input
          class={styles['input']}
          type="text"
          role="combobox"
          aria-label="Search pages, jails, addresses and countries"
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={`${id}-list`}
          aria-activedescendant={optionId(active())}
          autocomplete="off"
          spellcheck={false}
          placeholder="Search pages, jails, addresses and countries"
          value={typed()}
          onInput={(event) => {
            setTyped(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div class={styles['list']} role="listbox" id={`${id}-list`} aria-label="Commands">
        <For each={found()} fallback={<p class={styles['none']}>No results for “{typed()}”.</p>}>
          {(command, index) => (
            <>
              <Show when={typed() === '' && found()[index() - 1]?.group !== command.group}>
                <p class={styles['group']} role="presentation">
                  {command.group}
                </p>
              </Show>
              <div
                class={styles['option']}
                role="option"
                id={optionId(command)}
                aria-selected={active() === command}
                onPointerMove={() => setAt(index())}
                onClick={() => props.onRun(command)}
              >
                <span class={styles['label']}>{command.label}</span>
                <span class={styles['hint']}>{command.hint ?? (typed() === '' ? '' : command.group)}</span>
              </div>
            </>
          )}
        </For>
      </div>
      <div class={styles['keys']} aria-hidden="true">
        <span>
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> choose
        </span>
        <span>
          <Kbd>↵</Kbd> run
        </span>
        <span>
          <Kbd>Esc</Kbd> close
        </span>
      </div>
      <VisuallyHidden>
        <span aria-live="polite">{plural(found().length, 'result')}</span>
      </VisuallyHidden>
    </>
  )
}
