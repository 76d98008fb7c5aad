import { type ConfigHistoryRow, showHidden } from '@bangui/shared'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import Cog from 'lucide-solid/icons/cog'
import FilePen from 'lucide-solid/icons/file-pen-line'
import UserRound from 'lucide-solid/icons/user-round'
import { createUniqueId, type JSX, Match, Show, Switch } from 'solid-js'
import { plural } from '../../lib/format.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import type { Tone } from '../../ui/tone.ts'
import { HistoryDetails } from './history-details.tsx'
import styles from './history-view.module.css'
import { insideOf } from './place-link.tsx'

const states: Record<ConfigHistoryRow['state'], readonly [label: string, tone: Tone]> = {
  prepared: ['prepared', 'neutral'],
  applying: ['in progress', 'info'],
  provisional: ['waiting to be confirmed', 'warning'],
  applied: ['applied', 'ok'],
  failed: ['failed', 'danger'],
  reverted: ['reverted', 'neutral'],
  abandoned: ['not applied', 'neutral'],
}

export type HistoryRowProps = {
  row: ConfigHistoryRow
  configDir: string | undefined
  open: boolean
  onToggle: () => void
  onRevert: () => void
}

/** One change, which opens to its differences. */
export function HistoryRow(props: HistoryRowProps): JSX.Element {
  const canChange = useCanChange('config.write')
  const id = createUniqueId()
  const title = () => showHidden(props.row.title)
  return (
    <li class={styles['row']} data-open={props.open ? '' : undefined}>
      <div class={styles['head']}>
        <span class={styles['icon']} data-outside={props.row.outside ? '' : undefined}>
          <ActorIcon row={props.row} />
        </span>
        <div class={styles['what']}>
          <h3 class={styles['title']}>
            <button
              type="button"
              class={styles['toggle']}
              aria-expanded={props.open}
              aria-controls={props.open ? id : undefined}
              onClick={() => props.onToggle()}
            >
              {title()}
            </button>
          </h3>
          <Show when={props.row.note}>{(note) => <p class={styles['note']}>{showHidden(note())}</p>}</Show>
          <p class={styles['facts']}>
            {actorOf(props.row)} · <RelativeTime time={props.row.at} />
            <Show when={props.row.files.length > 0}> · {filesOf(props.row, props.configDir)}</Show>
          </p>
        </div>
        <span class={styles['end']}>
          <Badge tone={badgeOf(props.row)[1]}>{badgeOf(props.row)[0]}</Badge>
          <Show when={canChange() && props.row.state === 'applied'}>
            <Button size="sm" aria-label={`Revert: ${title()}`} onClick={() => props.onRevert()}>
              Revert
            </Button>
          </Show>
        </span>
        <ChevronRight class={styles['chevron']} aria-hidden="true" />
      </div>
      <Show when={props.open}>
        <div id={id} class={styles['details']}>
          <HistoryDetails id={props.row.id} />
        </div>
      </Show>
    </li>
  )
}

function ActorIcon(props: { row: ConfigHistoryRow }): JSX.Element {
  return (
    <Switch fallback={<Cog aria-hidden="true" />}>
      <Match when={props.row.outside}>
        <FilePen aria-hidden="true" />
      </Match>
      <Match when={props.row.actor?.name}>
        <UserRound aria-hidden="true" />
      </Match>
    </Switch>
  )
}

/** An outside change is there whether it is right or not. */
const badgeOf = ({ outside, state }: ConfigHistoryRow) =>
  outside && state === 'applied' ? (['outside BanGUI', 'warning'] as const) : states[state]

function actorOf({ actor, outside }: ConfigHistoryRow): string {
  if (outside) return 'Without BanGUI'
  if (actor === null) return 'By an unknown person'
  return actor.name === null ? 'By BanGUI' : `By ${showHidden(actor.name)}`
}

function filesOf({ files }: ConfigHistoryRow, configDir: string | undefined): string {
  if (files.length > 3) return plural(files.length, 'file')
  return files.map((file) => showHidden(insideOf(configDir, file) ?? file)).join(', ')
}
