import { type ComparedEdit, type Edit, showHidden } from '@bangui/shared'
import { createMemo, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { Banner } from '../../ui/banner.tsx'
import { DiffView } from '../../ui/diff-view.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Link } from '../../ui/link.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { hrefOf } from './config-part.ts'
import type { Draft } from './draft.ts'
import { DraftConflicts } from './draft-conflicts.tsx'
import { DraftEdit } from './draft-edit.tsx'
import styles from './draft-panel.module.css'
import { subjectOf } from './merge-drafts.ts'
import { configQueries } from './queries.ts'

/** The edits of the draft by the file that they change, each with its difference to the file on disk. */
export function DraftView(props: { draft: Draft; configDir: string | undefined }): JSX.Element {
  const found = createComparison(() => props.draft)
  const Edits = (given: { edits: readonly Edit[] }) => (
    <ul class={styles['edits']}>
      <For each={given.edits}>
        {(edit) => <DraftEdit draft={props.draft} edit={edit} compared={found.comparedOf(edit)} />}
      </For>
    </ul>
  )
  return (
    <div class={styles['view']}>
      <Show when={props.draft.store.problem()}>
        {(problem) => (
          <ErrorState
            title="The draft could not be saved. It is kept in this tab only."
            why={problem().message}
            retrying={props.draft.store.isSaving()}
            onRetry={() => void props.draft.store.refresh()}
          />
        )}
      </Show>
      <DraftConflicts draft={props.draft} />
      <Show when={found.error()}>
        {(message) => (
          <Banner tone="warning" title="The draft could not be compared with the files.">
            {showHidden(message())}
          </Banner>
        )}
      </Show>
      <For each={found.problems()}>
        {(problem) => <p class={styles['problem']}>{showHidden(problem.message)}</p>}
      </For>
      <For each={found.files()}>
        {(file) => (
          <section class={styles['file']}>
            <h3>
              <Link href={hrefOf({ kind: 'file', name: file.file })}>{showHidden(file.file)}</Link>
            </h3>
            <Show when={file.outside}>
              {(outside) => (
                <p class={styles['outside']}>
                  Changed outside BanGUI <RelativeTime time={outside().at} />.{' '}
                  <Link href={`${hrefOf({ kind: 'history' })}?change=${outside().change}`}>
                    Show the change
                  </Link>
                </p>
              )}
            </Show>
            <Edits edits={file.edits} />
            <DiffView path={file.file} diff={file.unified} />
          </section>
        )}
      </For>
      <Show when={found.others().length > 0}>
        <section class={styles['file']}>
          <Show when={found.isKnown()}>
            <h3>No difference from the files</h3>
          </Show>
          <Edits edits={found.others()} />
        </section>
      </Show>
    </div>
  )
}

/** What the draft would change; while it is worked out again, the last result for the edits that are still there. */
function createComparison(draft: () => Draft) {
  const api = useApi()
  const compared = useQuery(() => ({
    ...configQueries.comparedDraft(api, draft().store.saved()),
    enabled: (draft().store.saved()?.edits.length ?? 0) > 0,
  }))
  const current = createMemo(
    () =>
      new Map(
        draft()
          .edits()
          .map((edit) => [subjectOf(edit), edit]),
      ),
  )
  const last = createMemo((before: typeof compared.data) => compared.data ?? before, undefined)
  const result = () => (draft().edits().length === 0 ? undefined : last())
  const outcomes = createMemo(() => {
    const { of = [], edits = [] } = result() ?? {}
    return new Map(of.map((edit, index) => [JSON.stringify(edit), edits[index]]))
  })
  const files = createMemo(() =>
    (result()?.files ?? [])
      .map(({ file, unified, edits }) => ({
        file,
        unified,
        outside: result()?.outside.find((each) => each.file === file),
        edits: edits.flatMap((index) => {
          const edit = result()?.of[index]
          const now = edit && current().get(subjectOf(edit))
          return now === undefined ? [] : [now]
        }),
      }))
      .filter(({ edits }) => edits.length > 0),
  )
  return {
    files,
    /** those that are in no file */
    others: () => {
      const shown = new Set(files().flatMap(({ edits }) => edits))
      return draft()
        .edits()
        .filter((edit) => !shown.has(edit))
    },
    comparedOf: (edit: Edit): ComparedEdit | undefined => outcomes().get(JSON.stringify(edit)),
    problems: () => result()?.problems ?? [],
    isKnown: () => result() !== undefined,
    error: () =>
      compared.isError && !compared.isFetching ? describeError(compared.error).message : undefined,
  }
}
