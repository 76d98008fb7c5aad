import { createSignal, type JSX, Show } from 'solid-js'
import { createMediaQuery } from '../../lib/media.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import type { Draft } from './draft.ts'
import styles from './draft-panel.module.css'
import { DraftStatus } from './draft-status.tsx'
import { discardDraft } from './draft-undo.ts'
import { DraftView } from './draft-view.tsx'
import { ReviewDialog } from './review-dialog.tsx'

/** Where there is room for a third column; the same width as in the style sheet of the page. */
const WIDE = '(width >= 1280px)'

const [isHidden, setHidden] = createSignal(false)

export type DraftPlaces = ReturnType<typeof createDraftPlaces>

/** Returns where the draft is shown: beside the page unless that is crowded, in a sheet over it, or as a bar alone. */
export function createDraftPlaces(draft: Draft, isCrowded: () => boolean) {
  const hasRoom = createMediaQuery(WIDE)
  const isWide = () => hasRoom() && !isCrowded()
  const [isOpen, setOpen] = createSignal(false)
  const [isReviewing, setReviewing] = createSignal(false)
  /** Nobody needs to see an empty draft, but for what is wrong with it. */
  const isNeeded = () =>
    draft.edits().length > 0 || draft.store.conflicts().length > 0 || draft.store.problem() !== undefined
  return {
    isBeside: () => isNeeded() && isWide() && !isHidden(),
    isBar: () => isNeeded() && (!isWide() || isHidden()),
    isOpen,
    isReviewing,
    show: () => (isWide() ? setHidden(false) : setOpen(true)),
    hide: () => setHidden(true),
    closeSheet: () => setOpen(false),
    review: () => {
      setOpen(false)
      setReviewing(true)
    },
    endReview: () => setReviewing(false),
  }
}

export type DraftBarProps = { draft: Draft; places: DraftPlaces; configDir: string | undefined }

/** A bar that says that there is a draft, and the dialogs that open from it. */
export function DraftBar(props: DraftBarProps): JSX.Element {
  return (
    <>
      <Show when={props.places.isBar()}>
        <section
          class={styles['bar']}
          aria-label="Draft"
          // a page that reloads itself would lose what is not saved
          data-undoable={props.draft.store.isSafe() ? undefined : ''}
        >
          <DraftStatus draft={props.draft} />
          <span class={styles['buttons']}>
            <Button size="sm" aria-label="Show the draft" onClick={() => props.places.show()}>
              Show
            </Button>
            <Button size="sm" variant="primary" onClick={() => props.places.review()}>
              Review and apply
            </Button>
          </span>
        </section>
      </Show>
      <Show when={props.places.isOpen()}>
        <Dialog
          open
          size="lg"
          title="Draft"
          onOpenChange={() => props.places.closeSheet()}
          footer={<DraftButtons draft={props.draft} places={props.places} />}
        >
          <DraftStatus draft={props.draft} />
          <DraftView draft={props.draft} configDir={props.configDir} />
        </Dialog>
      </Show>
      <Show when={props.places.isReviewing()}>
        <ReviewDialog
          draft={props.draft}
          configDir={props.configDir}
          onClose={() => props.places.endReview()}
        />
      </Show>
    </>
  )
}

/** What can be done with the whole draft. */
export function DraftButtons(props: Pick<DraftBarProps, 'draft' | 'places'>): JSX.Element {
  return (
    <>
      <Button
        variant="ghost"
        unavailable={props.draft.edits().length === 0 && 'The draft is empty.'}
        onClick={() => discardDraft(props.draft)}
      >
        Discard all
      </Button>
      <Button
        variant="primary"
        unavailable={props.draft.edits().length === 0 && 'The draft is empty.'}
        onClick={() => props.places.review()}
      >
        Review and apply
      </Button>
    </>
  )
}
