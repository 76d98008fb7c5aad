import { createSignal, type JSX } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { describeDaemon } from '../../lib/daemon-state.ts'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toast.tsx'

/** Probes fail2ban now, and shows the result. */
export function CheckButton(): JSX.Element {
  const api = useApi()
  const [checking, setChecking] = createSignal(false)
  const check = async () => {
    setChecking(true)
    try {
      const state = describeDaemon(await api.server.probe.mutate())
      toast({ tone: state.tone, title: state.sentence })
    } catch (error) {
      toast({ tone: 'danger', title: 'fail2ban was not checked', text: describeError(error).message })
    } finally {
      setChecking(false)
    }
  }
  return (
    <Button size="sm" loading={checking()} onClick={() => void check()}>
      Check now
    </Button>
  )
}
