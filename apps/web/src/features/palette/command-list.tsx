import Search from 'lucide-solid/icons/search'
import { createEffect, createMemo, createSignal, createUniqueId, For, type JSX, Show } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { type Command, matchCommands } from './match.ts'
import styles from './palette.module.css'

const MAX_COMMANDS = 50

export type CommandListProps = {
  commands: readonly Command[]
  /** further commands for what was typed, listed after the matching ones */
  suggest?: (typed: string) => readonly Command[]
  onRun: (command: Command) => void
}

/** A field with a list of commands: arrow keys choose one, Enter runs it. */
export function CommandList(props: CommandListProps): JSX.Element {
  const id = createUniqueId()
  const [typed, setTyped] = createSignal('')
  const found = createMemo(() => [
    ...matchCommands(props.commands, typed()).slice(0, MAX_COMMANDS),
    ...(props.suggest?.(typed()) ?? []),
  ])
  const choice = createChoice(found, (command) => props.onRun(command))
  const optionId = (command: Command | undefined) => (command ? `${id}-${command.id}` : undefined)
  createEffect(() => {
    const current = optionId(choice.active())
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
          aria-activedescendant={optionId(choice.active())}
          autocomplete="off"
          spellcheck={false}
          placeholder="Search pages, jails, addresses and countries"
          value={typed()}
          onInput={(event) => {
            setTyped(event.currentTarget.value)
            choice.choose(0)
          }}
          onKeyDown={choice.onKeyDown}
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
                aria-selected={choice.active() === command}
                onPointerMove={() => choice.choose(index())}
                onClick={() => props.onRun(command)}
              >
                <span class={styles['label']}>{command.label}</span>
                <span class={styles['hint']}>{command.hint ?? (typed() === '' ? '' : command.group)}</span>
              </div>
            </>
          )}
        </For>
      </div>
      <Keys />
      <VisuallyHidden>
        <span aria-live="polite">{plural(found().length, 'result')}</span>
      </VisuallyHidden>
    </>
  )
}

/** The chosen command of a list, moved by the arrow keys and run by Enter. */
function createChoice(commands: () => readonly Command[], run: (command: Command) => void) {
  const [index, setIndex] = createSignal(0)
  const active = () => commands()[Math.min(index(), commands().length - 1)]
  const move = (step: number) => {
    const count = commands().length
    if (count > 0) setIndex((Math.min(index(), count - 1) + step + count) % count)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const actions: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Enter: () => {
        const command = active()
        if (command) run(command)
      },
    }
    const act = event.isComposing ? undefined : actions[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  return { active, choose: setIndex, onKeyDown }
}

function Keys(): JSX.Element {
  return (
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
  )
}
