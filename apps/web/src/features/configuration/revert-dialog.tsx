import { type ConfigHistoryRow, type RevertChoice, type RevertConflict, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, For, type JSX, Show } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { describeError, type Problem } from '../../api/errors.ts'
import { useQuery } from '../../api/use-query.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { AsyncButton } from '../../ui/async-button.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { DiffView } from '../../ui/diff-view.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.tsx'
import { configQueries } from './queries.ts'
import { RevertConflictChoice } from './revert-conflict.tsx'
import styles from './revert-dialog.module.css'

export type RevertDialogProps = { row: ConfigHistoryRow; onClose: () => void }

/** Shows what a revert would do, asks about options that were changed since, and makes it. */
export function RevertDialog(props: RevertDialogProps): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- each change opens a new dialog
  const revert = createRevert(props.row.id, () => props.onClose())
  return (
    <Dialog
      open
      size="lg"
      title={`Revert: ${props.row.title}`}
      description="BanGUI undoes this change in the files, tests the result on a copy first, and loads the jails that it affects. Later changes stay as they are."
      onOpenChange={() => props.onClose()}
      footer={
        <>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <AsyncButton variant="primary" unavailable={revert.whyNot()} onPress={revert.run}>
            Revert the change
          </AsyncButton>
        </>
      }
    >
      <Loaded query={revert.compared} what="The revert" fallback={<Skeleton lines={5} height="16px" />}>
        {(found) => (
          <div class={styles['stack']}>
            <Show when={revert.problem()?.message ?? found().problem}>
              {(problem) => (
                <Banner tone="danger" role="alert" title="This change cannot be reverted as it is">
                  {showHidden(problem())}
                </Banner>
              )}
            </Show>
            <Show when={revert.testsFailed()}>
              <Checkbox
                label="Revert the change although tests fail"
                checked={revert.ignoresFailed()}
                onChange={revert.setIgnoresFailed}
              />
            </Show>
            <Show when={found().conflicts.length > 0}>
              <section class={styles['stack']} aria-label="Changed again since">
                <p class={styles['words']}>
                  Somebody has changed these options again since. Choose a value for each option.
                </p>
                <For each={found().conflicts}>
                  {(conflict) => (
                    <RevertConflictChoice
                      conflict={conflict}
                      take={revert.choiceOf(conflict)?.take}
                      onTake={(take) => revert.choose(conflict, take)}
                    />
                  )}
                </For>
              </section>
            </Show>
            <Show
              when={revert.files().length > 0}
              fallback={
                <Show when={found().problem === null && revert.whyNot() === false}>
                  <p class={styles['words']}>The files no longer contain any part of this change.</p>
                </Show>
              }
            >
              <For each={revert.files()}>
                {({ file, unified }) => (
                  <section class={styles['file']}>
                    <h3>{showHidden(file)}</h3>
                    <DiffView path={file} diff={unified} />
                  </section>
                )}
              </For>
            </Show>
          </div>
        )}
      </Loaded>
    </Dialog>
  )
}

function createRevert(id: string, onDone: () => void) {
  const api = useApi()
  const client = useQueryClient()
  const [choices, setChoices] = createSignal<readonly RevertChoice[]>([])
  const [problem, setProblem] = createSignal<Problem>()
  const [testsFailed, setTestsFailed] = createSignal(false)
  const [ignoresFailed, setIgnoresFailed] = createSignal(false)
  const compared = useQuery(() => configQueries.comparedRevert(api, id, []))
  const chosen = useQuery(() => ({
    ...configQueries.comparedRevert(api, id, [...choices()]),
    enabled: choices().length > 0,
  }))
  const isAbout = (one: RevertConflict | RevertChoice, other: RevertConflict | RevertChoice) =>
    one.file === other.file && one.section === other.section && one.key === other.key && one.now === other.now
  const choiceOf = (conflict: RevertConflict) => choices().find((choice) => isAbout(choice, conflict))
  const whyNot = () => {
    const found = compared.data
    if (found === undefined) return 'BanGUI is comparing the files.'
    if (found.problem !== null) return 'The change cannot be reverted.'
    const open = found.conflicts.filter((conflict) => choiceOf(conflict) === undefined)
    if (open.length > 0) return 'Choose a value for each option first.'
    return testsFailed() && !ignoresFailed() && 'Tests of filters fail after the revert.'
  }
  const run = async () => {
    setProblem(undefined)
    try {
      const operationId = createOperationId()
      const input = { id, choices: [...choices()], operationId, ignoreFailedTests: ignoresFailed() }
      const { applied, output, provisional } = await api.config.revert.mutate(input)
      await client.invalidateQueries({ queryKey: ['config'] })
      if (applied)
        toast({
          tone: 'ok',
          title: 'The change was reverted',
          text: provisional
            ? 'BanGUI keeps the revert once the page has confirmed that it reaches BanGUI.'
            : undefined,
        })
      else toast({ tone: 'danger', title: 'The change was not reverted', text: output ?? undefined })
      onDone()
    } catch (error) {
      const described = describeError(error)
      setProblem(described)
      if (described.reason === 'filter_tests_failed') setTestsFailed(true)
      // the files may have changed since they were compared
      await compared.refetch()
    }
  }
  return {
    compared,
    problem,
    testsFailed,
    ignoresFailed,
    setIgnoresFailed,
    choiceOf,
    whyNot,
    run,
    files: () => (choices().length > 0 ? chosen.data : compared.data)?.files ?? [],
    choose: (conflict: RevertConflict, take: RevertChoice['take']) => {
      const { file, section, key, now } = conflict
      const others = choices().filter((choice) => !isAbout(choice, conflict))
      setChoices([...others, { file, section, key, now, take }])
    },
  }
}
