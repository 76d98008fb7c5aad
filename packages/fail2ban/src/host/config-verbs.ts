import { eventsOf, stepsOf } from '@bangui/async'
import type { ConfigNotice, OperationStep } from '@bangui/shared'
import { compareDraft } from '../config/compare-draft.ts'
import { emptyDraft } from '../config/draft.ts'
import { draftedSettings } from '../config/drafted-settings.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { removeLeftovers } from '../config/temporary-folder.ts'
import { findServices } from '../services/find-services.ts'
import type { ConfigVerbs } from '../verbs/config.ts'
import { applyChange } from './apply-change.ts'
import { confirmChange, findUnconfirmed } from './confirm-change.ts'
import { createBoundedMutex, type HostLock } from './host-lock.ts'
import { settleInterrupted } from './interrupted.ts'
import { listConfigFiles, readConfigFile } from './config-files.ts'
import { listConfigNotices } from './list-jails.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { listParts } from './list-parts.ts'
import { listSettings } from './list-settings.ts'
import { prepareChange, previewChange } from './prepare-change.ts'
import { isStop } from './prepare-load.ts'
import { readOwnFiles } from './own-files.ts'
import { compareRevert, readChange } from './read-change.ts'
import { createRegexVerbs } from './regex-verbs.ts'
import { settleProofs } from './prove-ban.ts'
import { rollback } from './rollback.ts'
import { withoutFiles, type DamagedRecord } from './saved-change.ts'
import { listUpgradeFiles } from './upgrade-files.ts'

/** How many previews or comparisons may wait for their turn: a preview starts three Python programs for about half a second. */
const MAX_WAITING_PREVIEWS = 4

const damageNotice = ({ folder, message }: DamagedRecord): ConfigNotice => ({
  kind: 'unreadable',
  file: folder,
  line: null,
  jail: null,
  message: `${message} If BanGUI was interrupted in this change, it could not undo it. Check the configuration, and delete this folder.`,
  output: null,
})

/** Creates the verbs about fail2ban's configuration. */
export function createConfigVerbs(
  context: LocalHostContext,
  { change, ownChange, emergency, step: readStep }: HostLock,
): ConfigVerbs {
  const onePreview = createBoundedMutex(MAX_WAITING_PREVIEWS)
  const oneComparison = createBoundedMutex(MAX_WAITING_PREVIEWS)
  const startedAt = context.clock()
  /** the ids of prepared changes that only stop a jail */
  const stops = new Set<string>()
  let damaged: readonly DamagedRecord[] = []
  const followers = new Set<(step: OperationStep) => void>()
  const followSteps = (follower: (step: OperationStep) => void) => {
    followers.add(follower)
    return () => void followers.delete(follower)
  }
  const emit = (step: OperationStep) => {
    for (const follower of followers) follower(step)
  }
  const followed = { ...context, onStep: emit }
  const readDraft = async () => {
    const { configDir, configWrite, logDirs } = context
    return emptyDraft(await readFail2banConfig(configDir), configWrite, logDirs)
  }
  /** Notes first what others have done to the files, which BanGUI may now write. */
  const noted = async <TResult>(work: () => Promise<TResult>): Promise<TResult> => {
    await context.outside.look(0).catch(() => undefined)
    return work()
  }
  return {
    listNotices: async () => [...(await listConfigNotices(context)), ...damaged.map(damageNotice)],
    listParts: () => listParts(context),
    listFiles: () => listConfigFiles(context),
    readFile: (path) => readConfigFile(context, path),
    readOwnFiles: () => readOwnFiles(context),
    listUpgradeFiles: () => listUpgradeFiles(context),
    listSettings: (scope, name) => listSettings(context, scope, name),
    findServices: () => findServices(context),
    ...createRegexVerbs(context),
    compareDraft: (edits) => oneComparison(async () => compareDraft(await readDraft(), edits)),
    listDraftedSettings: (edits, part) =>
      oneComparison(async () => draftedSettings(await readDraft(), edits, part)),
    preview: (input) => onePreview(() => previewChange(context, input)),
    changeSteps: (options) => eventsOf(followSteps, options),
    async stage(input) {
      if (!isStop(input)) return change(() => noted(() => prepareChange(followed, input)))
      const staged = await emergency(() => prepareChange(followed, input))
      if (staged) stops.add(staged.changeId)
      return staged
    },
    apply: (changeId, options = {}) =>
      (stops.delete(changeId) ? emergency : change)(() => applyChange(followed, changeId, options)),
    confirm: (changeId) => ownChange(() => confirmChange(context, changeId)),
    findUnconfirmed: () => findUnconfirmed(context),
    rollback: (request) =>
      stepsOf((onStep) => emergency(() => noted(() => rollback(context, request, onStep)))),
    settleInterrupted: (request) =>
      ownChange(async () => {
        await removeLeftovers()
        await settleProofs(context)
        damaged = await context.changes.clean(startedAt)
        return settleInterrupted(context, request)
      }),
    noteOutsideChanges: (after) => readStep(() => context.outside.look(after)),
    readChange: (changeId) => readChange(context, changeId),
    compareRevert: (changeId, choices) => oneComparison(() => compareRevert(context, changeId, choices)),
    listInterrupted: async () => (await context.changes.listInterrupted()).map(withoutFiles),
    forget: (changeId) => ownChange(() => context.changes.forget(changeId)),
    cancelLoad: async () => context.loads.cancel(),
  }
}
