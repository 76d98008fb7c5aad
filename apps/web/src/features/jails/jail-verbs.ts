import type { ChangeResult } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { describeError } from '../../api/errors.ts'
import { useWatchingApi } from '../../api/watching-api.ts'
import { toast } from '../../ui/toast.tsx'

export type JailVerb = 'start' | 'stop' | 'reload' | 'rest' | 'work'

/** What did not work: in words, and as fail2ban said it. */
export type VerbProblem = { title: string; why: string; output: string | null }

const words: Record<JailVerb, { done: string; failed: string }> = {
  start: { done: 'runs', failed: 'was not started' },
  stop: { done: 'is stopped', failed: 'was not stopped' },
  reload: { done: 'is loaded again', failed: 'was not loaded again' },
  rest: { done: 'rests', failed: 'does not rest' },
  work: { done: 'works again', failed: 'does not work again' },
}

/** Asks fail2ban to start, stop, load or rest one jail. */
export function useJailVerbs() {
  const api = useWatchingApi()
  const client = useQueryClient()
  const ask: Record<JailVerb, (name: string) => Promise<ChangeResult>> = {
    start: (name) => api.jails.start.mutate({ name }),
    stop: (name) => api.jails.stop.mutate({ name }),
    reload: (name) => api.jails.reload.mutate({ name }),
    rest: (name) => api.jails.setIdle.mutate({ name, idle: true }),
    work: (name) => api.jails.setIdle.mutate({ name, idle: false }),
  }

  const undoOf = (verb: JailVerb, name: string) =>
    verb === 'rest' && {
      text: 'It finds and bans nobody until it works again.',
      action: { label: 'Undo', onSelect: () => void run('work', name).then(tellProblem) },
    }

  /** Does it and says so; gives what did not work, which must be read. */
  const run = async (verb: JailVerb, name: string): Promise<VerbProblem | undefined> => {
    const title = `${name} ${words[verb].failed}.`
    try {
      const { applied, output } = await ask[verb](name)
      if (!applied) return { title, why: 'fail2ban did not take it.', output }
      toast({ tone: 'ok', title: `${name} ${words[verb].done}`, ...undoOf(verb, name) })
      return undefined
    } catch (error) {
      return { title, why: describeError(error).message, output: null }
    } finally {
      // what was tuned is gone with a load
      void client.invalidateQueries({ queryKey: ['jails'] })
    }
  }
  return run
}

/** Says in passing what did not work, where there is no place to read it. */
function tellProblem(problem: VerbProblem | undefined): void {
  if (problem) toast({ tone: 'danger', title: problem.title, text: problem.why, duration: 15_000 })
}
