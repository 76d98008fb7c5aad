import type { ChangeResult } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { describeError } from '../../api/errors.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { toast } from '../../ui/toast.tsx'

export type JailAction = 'start' | 'stop' | 'reload' | 'pause' | 'resume'

/** What failed, as a sentence and as fail2ban's output. */
export type ActionProblem = { title: string; why: string; output: string | null }

const words: Record<JailAction, { done: string; failed: string }> = {
  start: { done: 'started', failed: 'was not started' },
  stop: { done: 'stopped', failed: 'was not stopped' },
  reload: { done: 'reloaded', failed: 'was not reloaded' },
  pause: { done: 'is idle', failed: 'was not paused' },
  resume: { done: 'resumed', failed: 'was not resumed' },
}

/** Returns the function that starts, stops, reloads, pauses or resumes a jail. */
export function useJailActions() {
  const api = useStatsApi()
  const client = useQueryClient()
  const send: Record<JailAction, (name: string) => Promise<ChangeResult>> = {
    start: (name) => api.jails.start.mutate({ name }),
    stop: (name) => api.jails.stop.mutate({ name }),
    reload: (name) => api.jails.reload.mutate({ name }),
    pause: (name) => api.jails.setIdle.mutate({ name, idle: true }),
    resume: (name) => api.jails.setIdle.mutate({ name, idle: false }),
  }

  const undoOf = (action: JailAction, name: string) =>
    action === 'pause' && {
      text: 'The jail detects and bans nothing until it is resumed.',
      action: { label: 'Undo', onSelect: () => void run('resume', name).then(showProblem) },
    }

  /** Runs the action and shows a toast. Returns what failed, which the reader has to see. */
  const run = async (action: JailAction, name: string): Promise<ActionProblem | undefined> => {
    const title = `${name} ${words[action].failed}.`
    try {
      const { applied, output, note } = await send[action](name)
      if (!applied) return { title, why: 'fail2ban refused the command.', output }
      const problem = note === undefined ? { tone: 'ok' as const } : { tone: 'warning' as const, text: note }
      toast({ title: `${name} ${words[action].done}`, ...problem, ...undoOf(action, name) })
      return undefined
    } catch (error) {
      return { title, why: describeError(error).message, output: null }
    } finally {
      // a reload drops temporary values
      void client.invalidateQueries({ queryKey: ['jails'] })
    }
  }
  return run
}

/** Shows an error as a toast, where it cannot be shown in place. */
function showProblem(problem: ActionProblem | undefined): void {
  if (problem) toast({ tone: 'danger', title: problem.title, text: problem.why, duration: 15_000 })
}
