import type { ChangeResult } from '@bangui/shared'
import { describeError } from '../../api/errors.ts'
import { useWatchingApi } from '../../api/watching-api.ts'
import { toast } from '../../ui/toast.tsx'

export type JailVerb = 'start' | 'stop' | 'reload' | 'rest' | 'work'

const words: Record<JailVerb, { done: string; failed: string }> = {
  start: { done: 'runs', failed: 'was not started' },
  stop: { done: 'is stopped', failed: 'was not stopped' },
  reload: { done: 'is loaded again', failed: 'was not loaded again' },
  rest: { done: 'rests', failed: 'does not rest' },
  work: { done: 'works again', failed: 'does not work again' },
}

/** Asks fail2ban to start, stop, load or rest one jail, and says what came of it. */
export function useJailVerbs() {
  const api = useWatchingApi()
  const ask: Record<JailVerb, (name: string) => Promise<ChangeResult>> = {
    start: (name) => api.jails.start.mutate({ name }),
    stop: (name) => api.jails.stop.mutate({ name }),
    reload: (name) => api.jails.reload.mutate({ name }),
    rest: (name) => api.jails.setIdle.mutate({ name, idle: true }),
    work: (name) => api.jails.setIdle.mutate({ name, idle: false }),
  }
  /** Does it; true when it was done. */
  return async (verb: JailVerb, name: string): Promise<boolean> => {
    try {
      const result = await ask[verb](name)
      if (!result.applied) {
        toast({ tone: 'danger', title: `${name} ${words[verb].failed}`, ...outputOf(result) })
        return false
      }
      toast({
        tone: 'ok',
        title: `${name} ${words[verb].done}`,
        ...(verb === 'rest' && {
          text: 'It finds and bans nobody until it works again.',
          action: { label: 'Undo', onSelect: () => void ask.work(name).catch(() => undefined) },
        }),
      })
      return true
    } catch (error) {
      toast({
        tone: 'danger',
        title: `${name} ${words[verb].failed}`,
        text: describeError(error).message,
        duration: 15_000,
      })
      return false
    }
  }
}

const outputOf = (result: ChangeResult) =>
  result.output === null ? {} : { text: result.output.slice(0, 300) }
