import {
  DaemonRuntimeKey,
  loadSteps,
  type ChangeLoad,
  type LoadStep,
  type RuntimeSetting,
} from '@bangui/shared'
import type { JailDifference, StreamComparison } from '../config/compare-streams.ts'

/** What a load depends on. */
export interface LoadInput {
  /** what the edits ask for, whatever the files say */
  readonly asked: readonly LoadStep[]
  /** how the files differ; null: the edits say all */
  readonly comparison: StreamComparison | null
  /** the jails that run now */
  readonly running: readonly string[]
}

/** What is loaded, and which settings of fail2ban itself are set in the running daemon. */
export interface PlannedLoad {
  readonly load: ChangeLoad
  readonly runtime: readonly RuntimeSetting[]
}

/** A jail that is refused stops the load: first come those that are most likely to be, and those that end bans come last. */
const order: readonly LoadStep['how'][] = ['none', 'start', 'reload', 'restart', 'stop']

/** Returns how a change is loaded: the jails that differ and nothing else, or a restart of fail2ban where it needs one. */
export function planLoad({ asked, comparison, running }: LoadInput): PlannedLoad {
  const steps = new Map(asked.map((step) => [step.jail, step.how]))
  for (const [jail, difference] of comparison?.jails ?? []) {
    const how = howOf(difference, running.includes(jail))
    const known = steps.get(jail)
    const isStronger = known === undefined || (known === 'reload' && difference === 'restart')
    if (how !== null && isStronger) steps.set(jail, how)
  }
  const daemon = [...(comparison?.daemon ?? [])]
  const runtime = daemon.flatMap(([name, value]): RuntimeSetting[] => {
    const key = DaemonRuntimeKey.safeParse(name)
    return key.success && value !== null ? [{ jail: null, key: key.data, value }] : []
  })
  if (runtime.length < daemon.length) return { load: 'daemon-restart', runtime: [] }
  return { load: inOrder([...steps].map(([jail, how]) => ({ jail, how }))), runtime }
}

/** Returns a load that restarts some jails instead of reloading them. */
export function restartInstead(load: ChangeLoad, jails: ReadonlySet<string>): ChangeLoad {
  const isStale = ({ jail, how }: LoadStep) => how === 'reload' && jails.has(jail)
  const steps = loadSteps(load)
  if (!steps.some(isStale)) return load
  return inOrder(steps.map((step) => (isStale(step) ? { ...step, how: 'restart' } : step)))
}

const inOrder = (steps: readonly LoadStep[]) =>
  steps.toSorted((one, other) => order.indexOf(one.how) - order.indexOf(other.how))

/** A jail that runs, and that the files did not have in order, may have been loaded with any others. */
function howOf(difference: JailDifference, runs: boolean): LoadStep['how'] | null {
  if (difference === 'added') return runs ? 'restart' : 'start'
  if (!runs) return null
  return difference === 'removed' ? 'stop' : difference
}
