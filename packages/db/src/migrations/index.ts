import { initial } from './0001-initial.ts'
import { archive } from './0002-archive.ts'
import { operations } from './0003-operations.ts'
import { filterTests } from './0004-filter-tests.ts'
import { health } from './0005-health.ts'
import { changeNotes } from './0006-change-notes.ts'
import { pauses } from './0009-pauses.ts'
import { operationPeople } from './0010-operation-people.ts'
import { configDrafts } from './0011-config-drafts.ts'
import { changeOutcomes } from './0012-change-outcomes.ts'
import { allowList } from './0013-allow-list.ts'
import { blocklists } from './0014-blocklists.ts'
import { alerts } from './0015-alerts.ts'
import { banOrigin } from './0016-ban-origin.ts'
import { banNotes } from './0017-ban-notes.ts'
import { activity } from './0018-activity.ts'
import type { Migration } from './migration.ts'

/** Every migration in order; the first brings an empty database to FIRST_VERSION. Append only. */
export const migrations: readonly Migration[] = [
  { name: 'initial', up: initial },
  { name: 'archive', up: archive },
  { name: 'operations', up: operations },
  { name: 'filter-tests', up: filterTests },
  { name: 'health', up: health },
  { name: 'change-notes', up: changeNotes },
  { name: 'pauses', up: pauses },
  { name: 'operation-people', up: operationPeople },
  { name: 'config-drafts', up: configDrafts },
  { name: 'change-outcomes', up: changeOutcomes },
  { name: 'allow-list', up: allowList },
  { name: 'blocklists', up: blocklists },
  { name: 'alerts', up: alerts },
  { name: 'ban-origin', up: banOrigin },
  { name: 'ban-notes', up: banNotes },
  { name: 'activity', up: activity },
]
