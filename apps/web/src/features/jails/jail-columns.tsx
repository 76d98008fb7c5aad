import { type Jail, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { formatNumber } from '../../lib/format.ts'
import { describeCounts, toneOfCounts } from '../../lib/health-counts.ts'
import { describeJail, REPEATS_BANS } from '../../lib/jail-state.ts'
import { useLive } from '../../live/live-store.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { Link } from '../../ui/link.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import styles from './jail-columns.module.css'
import { describeBanTime, describeLog } from './jail-words.ts'

const stateOrder = ['down', 'idle', 'stranger', 'leftover', 'logless', 'waiting', 'running', 'off']

type Counter = 'currentlyBanned' | 'totalBanned' | 'currentlyFailed' | 'totalFailed'

type CounterColumn = Pick<Column<Jail>, 'key' | 'header' | 'hint' | 'narrow'> & {
  counter: Counter
  /** the list of what is counted; the jail is added to its query */
  list: string
}

const counterColumns: readonly CounterColumn[] = [
  {
    key: 'banned',
    counter: 'currentlyBanned',
    header: 'Banned',
    hint: 'Addresses that are banned now',
    list: '/bans?',
  },
  {
    key: 'totalBanned',
    counter: 'totalBanned',
    header: 'Bans',
    hint: 'Bans since fail2ban started',
    list: '/activity?',
  },
  {
    key: 'failed',
    counter: 'currentlyFailed',
    header: 'Failing',
    hint: 'Addresses with failures that are not banned yet',
    list: '/activity?type=failure&',
    narrow: 840,
  },
  {
    key: 'totalFailed',
    counter: 'totalFailed',
    header: 'Failures',
    hint: 'Failures since fail2ban started',
    list: '/activity?type=failure&',
    narrow: 840,
  },
]

/** Failures that only repeat bans of other jails are shown on the jail's page. */
const isEcho = (jail: Jail, counter: Counter): boolean =>
  jail.readsOwnLog === true && (counter === 'currentlyFailed' || counter === 'totalFailed')

export type ColumnOptions = {
  online: () => boolean
  /** the number to sort by: it does not change while somebody reads the table */
  sortValue: (jail: Jail, counter: Counter) => number
}

/** Returns the columns of the table of jails. */
export function jailColumns(options: ColumnOptions): readonly Column<Jail>[] {
  const state = (jail: Jail) => describeJail(jail, options.online())
  return [
    {
      key: 'name',
      header: 'Jail',
      width: '30%',
      sortBy: (jail) => jail.name,
      cell: (jail) => <Name jail={jail} />,
    },
    {
      key: 'state',
      header: 'State',
      sortBy: (jail) => stateOrder.indexOf(state(jail).kind),
      cell: (jail) => (
        <span class={styles['state']} data-tooltip={state(jail).sentence} tabindex="0">
          <StatusDot tone={state(jail).tone} label={state(jail).word} />
        </span>
      ),
    },
    ...counterColumns.map((column) => toColumn(column, options)),
    ...detailColumns,
  ]
}

const toColumn = ({ counter, list, ...words }: CounterColumn, options: ColumnOptions): Column<Jail> => ({
  ...words,
  align: 'end',
  sortBy: (jail) => (isEcho(jail, counter) ? 0 : options.sortValue(jail, counter)),
  // a jail that is not running has no counts
  cell: (jail) => (
    <Show
      when={jail.running && options.online() && !isEcho(jail, counter)}
      fallback={
        <span
          class={styles['none']}
          data-none=""
          data-tooltip={isEcho(jail, counter) ? REPEATS_BANS : undefined}
          tabindex={isEcho(jail, counter) ? 0 : undefined}
        >
          –
        </span>
      }
    >
      <Show when={jail[counter] > 0} fallback={formatNumber(jail[counter])}>
        <Link href={`${list}jail=${encodeURIComponent(jail.name)}`} quiet>
          {formatNumber(jail[counter])}
        </Link>
      </Show>
    </Show>
  ),
})

const detailColumns: readonly Column<Jail>[] = [
  {
    key: 'filter',
    header: 'Filter',
    hint: 'The rules that find attacks in the log',
    narrow: 1240,
    card: 'hidden',
    sortBy: (jail) => jail.filter,
    cell: (jail) => <span class={styles['filter']}>{showHidden(jail.filter ?? '–')}</span>,
  },
  {
    key: 'log',
    header: 'Log',
    narrow: 1000,
    sortBy: describeLog,
    cell: (jail) => <Log jail={jail} />,
  },
  {
    key: 'backend',
    header: 'Backend',
    hint: 'How fail2ban notices new lines in the log',
    narrow: 1120,
    card: 'hidden',
    sortBy: (jail) => jail.backend,
    cell: (jail) => <span class={styles['faint']}>{showHidden(jail.backend ?? '–')}</span>,
  },
  {
    key: 'bantime',
    header: 'Ban time',
    hint: 'How long an address stays banned',
    card: 'hidden',
    // permanent sorts last
    sortBy: (jail) => (jail.bantime === -1 ? Number.MAX_SAFE_INTEGER : jail.bantime),
    align: 'end',
    cell: (jail) => <span class={styles['state']}>{describeBanTime(jail.bantime)}</span>,
  },
]

function Name(props: { jail: Jail }): JSX.Element {
  const live = useLive()
  const found = () => live.runtime?.health.jails.find(({ jail }) => jail === props.jail.name)
  return (
    <div class={styles['name']}>
      <Link href={`/jails/${encodeURIComponent(props.jail.name)}`} quiet>
        {showHidden(props.jail.name)}
      </Link>
      <Show when={found()}>
        {(counts) => (
          <span class={styles['found']}>
            <Link href={`/protection?jail=${encodeURIComponent(props.jail.name)}`} quiet>
              <StatusDot tone={toneOfCounts(counts())} label={describeCounts(counts())} />
            </Link>
          </span>
        )}
      </Show>
      <Show when={props.jail.problem}>
        {(problem) => (
          <p class={styles['problem']} data-off={props.jail.enabled || props.jail.running ? undefined : ''}>
            {showHidden(problem())}
          </p>
        )}
      </Show>
    </div>
  )
}

function Log(props: { jail: Jail }): JSX.Element {
  const first = () => (describeLog(props.jail) === 'journal' ? undefined : props.jail.logPaths[0])
  return (
    <Show when={first()} fallback={describeLog(props.jail)}>
      {(path) => (
        <span class={styles['log']} data-tooltip={props.jail.logPaths.join('\n')} tabindex="0">
          <code>{showHidden(path().split('/').at(-1) ?? '')}</code>
          <Show when={props.jail.logPaths.length > 1}>
            <span> +{props.jail.logPaths.length - 1}</span>
          </Show>
        </span>
      )}
    </Show>
  )
}
