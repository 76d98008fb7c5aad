import { type Jail, showHidden } from '@bangui/shared'
import { type JSX, Show } from 'solid-js'
import { formatNumber } from '../../lib/format.ts'
import { describeJail } from '../../lib/jail-state.ts'
import type { Column } from '../../ui/data-table.tsx'
import { Link } from '../../ui/link.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import styles from './jail-columns.module.css'
import { describeBanTime, describeLog, REPEATS_BANS } from './jail-words.ts'

const order = ['down', 'idle', 'stranger', 'leftover', 'logless', 'waiting', 'running', 'off']

type Figure = 'currentlyBanned' | 'totalBanned' | 'currentlyFailed' | 'totalFailed'

type FigureWords = Pick<Column<Jail>, 'key' | 'header' | 'hint' | 'narrow'> & {
  /** where what it counts is listed, ready for the jail */
  list: string
}

/** Failures that only repeat bans stand on the page of the jail. */
const isEcho = (jail: Jail, field: Figure): boolean =>
  jail.readsOwnLog === true && (field === 'currentlyFailed' || field === 'totalFailed')

export type ColumnOptions = {
  online: () => boolean
  /** the figure to sort by: it rests while one reads */
  figure: (jail: Jail, key: Figure) => number
}

/** The columns of the table of jails. */
export function jailColumns(options: ColumnOptions): readonly Column<Jail>[] {
  const figure = (field: Figure, { list, ...words }: FigureWords): Column<Jail> => ({
    ...words,
    align: 'end',
    sortBy: (jail) => (isEcho(jail, field) ? 0 : options.figure(jail, field)),
    // a jail that does not run has no figures
    cell: (jail) => (
      <Show
        when={jail.running && options.online() && !isEcho(jail, field)}
        fallback={
          <span
            class={styles['none']}
            data-none=""
            data-tooltip={isEcho(jail, field) ? REPEATS_BANS : undefined}
            tabindex={isEcho(jail, field) ? 0 : undefined}
          >
            –
          </span>
        }
      >
        <Show when={jail[field] > 0} fallback={formatNumber(jail[field])}>
          <Link href={`${list}jail=${encodeURIComponent(jail.name)}`} quiet>
            {formatNumber(jail[field])}
          </Link>
        </Show>
      </Show>
    ),
  })
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
      sortBy: (jail) => order.indexOf(state(jail).kind),
      cell: (jail) => (
        <span class={styles['state']} data-tooltip={state(jail).sentence} tabindex="0">
          <StatusDot tone={state(jail).tone} label={state(jail).word} />
        </span>
      ),
    },
    figure('currentlyBanned', {
      key: 'banned',
      header: 'Banned',
      hint: 'Addresses that are banned now',
      list: '/bans?',
    }),
    figure('totalBanned', {
      key: 'totalBanned',
      header: 'Bans',
      hint: 'Bans since fail2ban started',
      list: '/activity?',
    }),
    figure('currentlyFailed', {
      key: 'failed',
      header: 'Failing',
      hint: 'Addresses with failures that are not banned yet',
      list: '/activity?type=failure&',
      narrow: 840,
    }),
    figure('totalFailed', {
      key: 'totalFailed',
      header: 'Failures',
      hint: 'Failures since fail2ban started',
      list: '/activity?type=failure&',
      narrow: 840,
    }),
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
      // longer than any other
      sortBy: (jail) => (jail.bantime === -1 ? Number.MAX_SAFE_INTEGER : jail.bantime),
      align: 'end',
      cell: (jail) => <span class={styles['state']}>{describeBanTime(jail.bantime)}</span>,
    },
  ]
}

function Name(props: { jail: Jail }): JSX.Element {
  return (
    <div class={styles['name']}>
      <Link href={`/jails/${encodeURIComponent(props.jail.name)}`} quiet>
        {showHidden(props.jail.name)}
      </Link>
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
