import type { BanResult } from '@bangui/shared'
import { createEffect, createSignal, onCleanup } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { plural } from '../lib/format.ts'
import { toast } from '../ui/toast.tsx'
import { useBanActions } from './ban-actions.ts'
import { rememberJail, showBanDialog } from './ban-dialog-state.ts'
import type { BanForm } from './create-ban-form.ts'

/** An error for the form to show. */
export type BanProblem = { title: string; why: string }

/** Sends the form. Whatever fails, the content is still there, or one click away. */
export function createBanSubmit(form: BanForm, close: () => void) {
  const actions = useBanActions()
  const [busy, setBusy] = createSignal(false)
  const [problem, setProblem] = createSignal<BanProblem>()
  let isOpen = true
  onCleanup(() => (isOpen = false))
  // the error is about the previous content
  createEffect((before: string | undefined) => {
    const now = JSON.stringify(form.input())
    if (before !== undefined && before !== now && !busy()) setProblem(undefined)
    return now
  })

  const report = (found: BanProblem, left: string) => {
    const draft = { ...form.draft(), text: left }
    if (!isOpen) {
      const action = { label: 'Reopen the form', onSelect: () => showBanDialog({ draft }) }
      toast({ tone: 'danger', title: found.title, text: found.why, duration: 60_000, action })
      return
    }
    form.setText(left)
    setProblem(found)
  }

  const send = async () => {
    const input = form.input()
    if (!input || busy()) return
    setBusy(true)
    setProblem(undefined)
    try {
      const result = await actions.ban(input)
      rememberJail(input.jail)
      const left = notReached(result)
      if (left.length > 0) report(describeLeft(result, left.length), left.join('\n'))
      else if (result.banned > 0 || result.refused.length === 0) close()
      else report({ title: 'Nothing was banned.', why: result.refused[0]?.message ?? '' }, form.text())
    } catch (error) {
      const { reason, message } = describeError(error)
      const title = reason === 'ban_interrupted' ? 'Not all addresses were banned.' : 'Nothing was banned.'
      report({ title, why: message }, form.text())
    } finally {
      setBusy(false)
    }
  }

  /** Closes the dialog; a list that was typed or pasted can be restored. */
  const leave = () => {
    if (!busy() && form.isTyped()) {
      const draft = form.draft()
      toast({
        title: 'Nothing was banned; the list is kept for a moment',
        action: { label: 'Reopen the form', onSelect: () => showBanDialog({ draft }) },
      })
    }
    close()
  }
  return { busy, problem, send, leave }
}

/** Returns the addresses that were not refused, but not banned either. */
const notReached = ({ refused }: BanResult) =>
  refused.flatMap(({ address, reason }) => (reason === 'cancelled' || reason === 'unknown' ? [address] : []))

const describeLeft = ({ banned, refused }: BanResult, left: number): BanProblem => ({
  title: `${plural(banned, 'address', 'addresses')} banned, ${left} not.`,
  why: `${refused.find(({ reason }) => reason === 'cancelled' || reason === 'unknown')?.message ?? ''} The remaining addresses are listed above.`,
})
