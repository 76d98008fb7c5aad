import { useQueryClient } from '@tanstack/solid-query'
import { createSignal } from 'solid-js'
import { describeError, type Problem } from '../../api/errors.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { toast } from '../../ui/toast.tsx'
import type { TuneForm } from './create-tune-form.ts'

/** Applies the changes of the form to the running jail, until its next reload. */
export function createTuneSaving(props: { name: string }, form: TuneForm) {
  const api = useStatsApi()
  const client = useQueryClient()
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()
  const save = async (insist: { force?: boolean } = {}) => {
    setBusy(true)
    setProblem(undefined)
    try {
      const name = props.name
      const result = await api.jails.update.mutate({ name, ...form.changes(), permanent: false, ...insist })
      if (!result.applied) {
        const message = result.output ?? 'fail2ban refused the change, so nothing was changed.'
        setProblem({ reason: 'unknown', message })
        return
      }
      toast({
        tone: 'ok',
        title: `${name} is changed`,
        text: 'Lasts until the jail reloads.',
      })
      // the fields keep what was typed until the jail has these values
      await client.invalidateQueries({ queryKey: ['jails'] })
      form.reset()
    } catch (error) {
      setProblem(describeError(error))
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, save }
}
