import { createMemo, type JSX, Match, onCleanup, Show, Switch } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { QueryProvider } from '../api/query-provider.tsx'
import { useQuery } from '../api/use-query.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { createDebounced } from '../lib/debounced.ts'
import { plural } from '../lib/format.ts'
import { useLive } from '../live/live-store.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import styles from './ban-dialog.module.css'
import { keepBanDraft } from './ban-dialog-state.ts'
import type { BanDialogRequest } from './ban-draft.ts'
import { BanFormFields } from './ban-form-fields.tsx'
import { BanPreviewView } from './ban-preview-view.tsx'
import { createBanForm } from './create-ban-form.ts'
import { createBanSubmit } from './create-ban-submit.ts'
import { ManualJailOffer } from './manual-jail-offer.tsx'
import { banQueries } from './queries.ts'

export type BanDialogProps = { request: BanDialogRequest; onClose: () => void }

/** Bans one or more addresses, with a preview of what will be refused and why. */
export function BanDialog(props: BanDialogProps): JSX.Element {
  return (
    <QueryProvider>
      <BanForm {...props} />
    </QueryProvider>
  )
}

/** The preview is requested after this pause in typing. */
const PREVIEW_DELAY_MS = 300

function BanForm(props: BanDialogProps): JSX.Element {
  const live = useLive()
  const jails = () => (live.jails ?? []).filter((jail) => jail.running).map((jail) => jail.name)
  // oxlint-disable-next-line solid/reactivity -- each request opens a new dialog
  const form = createBanForm(props.request, jails)
  onCleanup(() => keepBanDraft(props.request, form.draft()))
  const { preview, isCurrent } = createPreview(form.input)
  const submit = createBanSubmit(form, () => props.onClose())
  const found = () => (preview.isSuccess && isCurrent() ? preview.data : undefined)

  const apply = () => {
    const shown = found()
    if (shown) void submit.send()
  }
  const missing = () => {
    const shown = found()
    if (live.runtime?.serverStatus.online === false) return 'fail2ban is not running'
    if (!form.input()) return form.problem()
    if (!shown) return 'Checking…'
    if (shown.needsManualJail) return 'Set up the jail bangui first'
    return shown.wouldBan === 0 && 'None of these addresses would be banned'
  }

  return (
    <Dialog
      open
      size="lg"
      locked={submit.busy()}
      onOpenChange={submit.leave}
      title="Ban addresses"
      footer={
        <>
          <Button onClick={submit.leave}>{submit.busy() ? 'Continue in the background' : 'Cancel'}</Button>
          <Button variant="primary" loading={submit.busy()} unavailable={missing()} onClick={apply}>
            {found()?.wouldBan ? `Ban ${plural(found()?.wouldBan ?? 0, 'address', 'addresses')}` : 'Ban'}
          </Button>
        </>
      }
    >
      <div class={styles['form']}>
        <BanFormFields form={form} jails={jails()} disabled={submit.busy()} />
        <Show when={submit.problem()}>
          {(problem) => <ErrorState title={problem().title} why={problem().why} />}
        </Show>
        <Switch>
          <Match when={!form.input()}>{null}</Match>
          <Match when={preview.isError && !preview.isFetching}>
            <ErrorState
              title="BanGUI could not work out what would happen."
              why={describeError(preview.error).message}
              onRetry={() => void preview.refetch()}
            />
          </Match>
          <Match when={preview.isSuccess && preview.data}>
            {(data) => (
              <div data-stale={isCurrent() ? undefined : ''}>
                <Show when={data().needsManualJail}>
                  <ManualJailOffer onDone={() => void preview.refetch()} />
                </Show>
                <BanPreviewView preview={data()} force={form.force()} onForce={form.setForce} />
              </div>
            )}
          </Match>
          <Match when={true}>
            <div aria-busy="true">
              <Skeleton lines={2} />
            </div>
          </Match>
        </Switch>
      </div>
    </Dialog>
  )
}

/** Fetches the preview while the reader types; a long list is not part of the query's key. */
function createPreview(input: ReturnType<typeof createBanForm>['input']) {
  const api = useStatsApi()
  const text = createMemo(() => JSON.stringify(input()))
  const settled = createDebounced(text, PREVIEW_DELAY_MS)
  const revision = createMemo((before: number) => {
    settled()
    return before + 1
  }, 0)
  const preview = useQuery(() => ({
    ...banQueries.preview(api, settled(), revision()),
    enabled: settled() !== undefined,
  }))
  const isCurrent = () => text() === settled() && !preview.isPlaceholderData && !preview.isFetching
  return { preview, isCurrent }
}
