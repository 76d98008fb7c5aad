import { type JSX, Match, Show, Switch } from 'solid-js'
import { describeError } from '../../api/errors.ts'
import { describeActivity } from '../../lib/activity.ts'
import { useLive } from '../../live/live-store.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { createReview, type Review } from './create-review.ts'
import type { Draft } from './draft.ts'
import { ReviewFilterTests } from './review-filter-tests.tsx'
import { ReviewProgress } from './review-progress.tsx'
import { NotApplied, ReviewView } from './review-view.tsx'
import styles from './setting-editor.module.css'

export type ReviewDialogProps = { draft: Draft; configDir: string | undefined; onClose: () => void }

/** Tests the draft on a copy, shows what it would do, and applies it. */
export function ReviewDialog(props: ReviewDialogProps): JSX.Element {
  const live = useLive()
  // oxlint-disable-next-line solid/reactivity -- the draft of the page outlives the dialog
  const review = createReview(props.draft, () => props.onClose())
  const isWaiting = () => review.progress.phase() !== undefined && review.progress.phase() !== 'applying'
  const mayApply = () => review.mayApply() && !isWaiting()
  return (
    <Dialog
      open
      size="lg"
      title={review.progress.phase() === undefined ? 'Review the draft' : 'Apply the changes'}
      locked={review.isBusy()}
      onOpenChange={() => props.onClose()}
      footer={
        <>
          <Show when={!review.isBusy()}>
            <Button onClick={() => props.onClose()}>{mayApply() ? 'Cancel' : 'Close'}</Button>
          </Show>
          <Show when={review.isBusy() && review.progress.operation()?.cancellable}>
            <Button onClick={() => void review.progress.cancel()}>Cancel</Button>
          </Show>
          <Show when={mayApply()}>
            <Button
              variant="primary"
              loading={review.isBusy()}
              unavailable={review.isBusy() ? false : describeActivity(live.runtime)}
              onClick={() => void review.apply()}
            >
              Apply changes
            </Button>
          </Show>
        </>
      }
    >
      <Content review={review} draft={props.draft} configDir={props.configDir} />
    </Dialog>
  )
}

function Content(props: { review: Review; draft: Draft; configDir: string | undefined }): JSX.Element {
  return (
    <Switch
      fallback={
        <div aria-busy="true">
          <p class={styles['words']}>fail2ban tests the changes on a copy …</p>
          <Skeleton lines={6} height="16px" />
        </div>
      }
    >
      <Match when={props.review.refused() !== undefined}>
        <NotApplied output={props.review.refused() ?? ''} />
      </Match>
      <Match when={props.review.problem()}>
        {(found) => <ErrorState title="Nothing was changed." why={found().message} />}
      </Match>
      <Match when={props.review.progress.phase()}>
        <ReviewProgress
          progress={props.review.progress}
          provisional={props.review.isProvisional()}
          compares={props.review.compares()}
        />
      </Match>
      <Match when={props.review.edits().length === 0}>The draft is empty.</Match>
      <Match when={props.review.preview.isError && !props.review.preview.isFetching}>
        <div class={styles['stack']}>
          <ErrorState
            title="This draft cannot be applied."
            why={describeError(props.review.preview.error).message}
            onRetry={() => void props.review.preview.refetch()}
          />
          <ReviewView draft={props.draft} preview={undefined} configDir={props.configDir} />
        </div>
      </Match>
      <Match when={props.review.known()}>
        {(found) => (
          <div class={styles['stack']}>
            <ReviewView draft={props.draft} preview={found()} configDir={props.configDir} />
            <ReviewFilterTests
              reports={found().filterTests}
              ignoresFailed={props.review.ignoresFailed()}
              disabled={props.review.isBusy()}
              onIgnoreFailed={props.review.setIgnoresFailed}
            />
            <Show when={found().ok}>
              <TextField
                label="Note"
                description="Why you change this, for the history. Optional."
                value={props.review.note()}
                disabled={props.review.isBusy()}
                onChange={props.review.setNote}
              />
            </Show>
          </div>
        )}
      </Match>
    </Switch>
  )
}
