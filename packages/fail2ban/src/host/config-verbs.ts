import { stepsOf } from '@bangui/async'
import { removeLeftovers } from '../config/temporary-folder.ts'
import type { ConfigVerbs } from '../verbs/config.ts'
import { applyChange } from './apply-change.ts'
import { createBoundedMutex, type HostLock } from './host-lock.ts'
import { settleInterrupted } from './interrupted.ts'
import { listConfigNotices } from './list-jails.ts'
import { listSettings } from './list-settings.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { prepareChange, previewChange } from './prepare-change.ts'
import { rollback } from './rollback.ts'
import { withoutFiles } from './saved-change.ts'

/** How many previews may wait for their turn: each starts three Python programs for about half a second. */
const MAX_WAITING_PREVIEWS = 4

/** Creates the verbs about fail2ban's configuration. */
export function createConfigVerbs(context: LocalHostContext, { change }: HostLock): ConfigVerbs {
  const onePreview = createBoundedMutex(MAX_WAITING_PREVIEWS)
  let settling: Promise<unknown> = Promise.resolve()
  return {
    listNotices: () => listConfigNotices(context),
    listSettings: (scope, name) => listSettings(context, scope, name),
    preview: (input) => onePreview(() => previewChange(context, input)),
    stage: (input) => change(() => prepareChange(context, input)),
    apply: (changeId) => change(() => applyChange(context, changeId)),
    rollback: (request) =>
      stepsOf(async (onStep) => {
        // a start settles the interrupted changes by itself: that is no reason to refuse the click that it asks for
        await settling
        return change(() => rollback(context, request, onStep))
      }),
    settleInterrupted() {
      const work = removeLeftovers().then(() => change(() => settleInterrupted(context)))
      settling = work.catch(() => undefined)
      return work
    },
    listInterrupted: async () => (await context.changes.listInterrupted()).map(withoutFiles),
    forget: (changeId) => change(() => context.changes.forget(changeId)),
    cancelLoad: async () => context.loads.cancel(),
  }
}
