import { useNavigate } from '@solidjs/router'
import { createMemo, createSignal, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useQuery } from '../../api/use-query.ts'
import { useCanChange } from '../../lib/permissions.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { toast } from '../../ui/toast.tsx'
import { hrefOf } from './config-part.ts'
import type { Draft } from './draft.ts'
import { configQueries } from './queries.ts'
import { ReviewDialog } from './review-dialog.tsx'
import { createNewJail, type NewJailForm } from './create-new-jail.ts'
import { BanFields, RuleFields } from './jail-rule.tsx'
import { JailPreview } from './jail-preview.tsx'
import { LogChoice } from './log-choice.tsx'
import styles from './new-jail.module.css'
import { SubjectChoice } from './subject-choice.tsx'

/** Makes a jail in a minute: what it protects, which log it reads, whom it would ban, and how. */
export function NewJailView(props: { draft: Draft; configDir: string | undefined }): JSX.Element {
  const canChange = useCanChange('config.write')
  return (
    <Show
      when={canChange()}
      fallback={
        <Card>
          <EmptyState title="New jails are for administrators">
            An administrator can create a jail here, unless BanGUI is read-only.
          </EmptyState>
        </Card>
      }
    >
      <NewJailForm draft={props.draft} configDir={props.configDir} />
    </Show>
  )
}

function NewJailForm(props: { draft: Draft; configDir: string | undefined }): JSX.Element {
  const api = useApi()
  const parts = useQuery(() => configQueries.parts(api))
  const taken = createMemo(() => new Set(parts.data?.jails.map(({ name }) => name)))
  const form = createNewJail(taken)
  return (
    <form class={styles['form']} aria-label="New jail" onSubmit={(event) => event.preventDefault()}>
      <Card title="What to protect">
        <SubjectChoice form={form} filters={parts.data?.filters} />
      </Card>
      <Show when={form.unread()}>
        {(why) => <ErrorState title="The values of this jail could not be read." why={why()} />}
      </Show>
      <Show when={form.isChosen()}>
        <Card title="Where its log is" description="fail2ban finds failures in the log of the service.">
          <LogChoice form={form} />
        </Card>
        <Card title="When it bans">
          <RuleFields form={form} />
          <JailPreview form={form} />
        </Card>
        <Card title="What a ban does">
          <BanFields form={form} actions={parts.data?.actions} />
        </Card>
        <Finish form={form} draft={props.draft} configDir={props.configDir} />
      </Show>
    </form>
  )
}

function Finish(props: { form: NewJailForm; draft: Draft; configDir: string | undefined }): JSX.Element {
  const navigate = useNavigate()
  const [isReviewing, setReviewing] = createSignal(false)
  const addAll = (): boolean => {
    props.form.setTried()
    if (props.form.isWrong()) return false
    for (const edit of props.form.edits()) props.draft.add(edit)
    return true
  }
  const add = () => {
    if (!addAll()) return
    toast({
      tone: 'ok',
      title: 'The jail is in the draft',
      text: 'Nothing changes until you apply the draft.',
    })
    navigate(hrefOf({ kind: 'jail', name: props.form.name() }))
  }
  const close = () => {
    setReviewing(false)
    // applied: the draft is empty
    if (props.draft.edits().length === 0) navigate(hrefOf({ kind: 'jail', name: props.form.name() }))
  }
  return (
    <>
      <p class={styles['wrong']} role="status">
        {props.form.isTried() && props.form.isWrong() ? 'Some fields above are empty or not valid.' : ''}
      </p>
      <div class={styles['finish']}>
        <Button onClick={add}>Add to draft</Button>
        <Button variant="primary" onClick={() => setReviewing(addAll())}>
          Review and apply
        </Button>
      </div>
      <Show when={isReviewing()}>
        <ReviewDialog draft={props.draft} configDir={props.configDir} onClose={close} />
      </Show>
    </>
  )
}
