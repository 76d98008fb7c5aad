export type * from './archive/archive.ts'
export type * from './archive/reader-port.ts'
export type * from './archive/writer-port.ts'
export { LATE_LINE_MS } from './archive/writer/match-line.ts'
export { openArchive, type OpenArchiveOptions } from './archive/open-archive.ts'
export { DatabaseError, type DatabaseErrorCode } from './database-error.ts'
export type { Database, DatabaseLog, Db, HostDb, MigrationResult } from './database.ts'
export {
  acquireExecutorLock,
  HEARTBEAT_SECONDS,
  type ExecutorLock,
  type ExecutorLockOptions,
} from './lock/executor-lock.ts'
export { ExecutorLockHeldError } from './lock/executor-lock-held-error.ts'
export { readExecutor, type Executor } from './lock/executor-row.ts'
export { openDatabase, type OpenDatabaseOptions } from './open-database.ts'
export { createPrivateFolder, makePrivate } from './private-file.ts'
export { parseDatabaseUrl } from './parse-database-url.ts'
export {
  acceptFinding,
  deleteAcceptedFinding,
  deleteExpiredAcceptances,
  listAcceptedFindings,
  type AcceptedFinding,
} from './queries/accepted-findings.ts'
export {
  acknowledgeIncident,
  deleteOldAlerts,
  findProgress,
  listAlertSubjects,
  muteIncident,
  noAlertChanges,
  saveAlertChanges,
  setProgress,
  type AlertChanges,
  type AlertLimits,
  type IncidentChange,
  type IncidentVerb,
  type NewDelivery,
  type NewHistoryEntry,
  type NewIncident,
} from './queries/alert-changes.ts'
export {
  deleteAlertChannel,
  findAlertChannel,
  insertAlertChannel,
  listAlertChannels,
  updateAlertChannel,
  type AlertChannelRecord,
  type AlertChannelToSave,
} from './queries/alert-channels.ts'
export {
  beginDelivery,
  endDelivery,
  findChannelActivity,
  insertTestDelivery,
  listBusyChannels,
  listDeliveries,
  listSentTimes,
  listWaitingDeliveries,
  recoverDeliveries,
  type ChannelActivity,
  type DeliveryOutcome,
  type DeliveryQuery,
  type WaitingDelivery,
} from './queries/alert-deliveries.ts'
export {
  countOpenIncidents,
  findIncident,
  listIncidentHistory,
  listIncidents,
  listIncidentsBetween,
  listOpenIncidents,
  type IncidentQuery,
  type IncidentRecord,
} from './queries/alert-incidents.ts'
export {
  deleteAlertRule,
  findAlertRule,
  insertAlertRule,
  listAlertRules,
  muteAlertRule,
  updateAlertRule,
} from './queries/alert-rules.ts'
export {
  deleteOldFindings,
  listEndedFindings,
  listOpenFindings,
  saveFindings,
  type FindingChanges,
  type FindingLimits,
  type FindingRecord,
} from './queries/findings.ts'
export {
  deleteGeoSeenBefore,
  findGeo,
  listRecentGeo,
  touchGeo,
  upsertGeo,
  type CachedGeo,
} from './queries/geo-cache.ts'
export {
  deleteContent,
  deleteList,
  findContent,
  findList,
  forgetValidators,
  insertList,
  listLists,
  listVersions,
  moveContent,
  saveContent,
  updateList,
  type ListChanges,
  type ListContent,
  type ListVersion,
  type StoredList,
} from './queries/blocklists.ts'
export {
  findLastCompleted,
  insertRun,
  listRunningRuns,
  listRuns,
  sumBanCost,
  updateRun,
  type RunProgress,
} from './queries/import-runs.ts'
export {
  createBansComparisonStore,
  type BansComparison,
  type BansComparisonStore,
} from './queries/bans-comparison.ts'
export {
  findAppliedChange,
  findChange,
  findChangeAuthor,
  revertProvisionalChanges,
  findHostOfChange,
  findHistoryRow,
  findLastOutsideChange,
  insertOutsideChange,
  listOutsideChangesSince,
  insertChanges,
  listChangesSince,
  listChanges,
  setChangeState,
} from './queries/changes.ts'
export {
  deleteConfigDrafts,
  findConfigDraft,
  findDraftBegin,
  saveConfigDraft,
  type DraftToSave,
} from './queries/config-drafts.ts'
export {
  deleteFilterTest,
  insertFilterTest,
  listFilterTests,
  MAX_FILTER_TESTS,
} from './queries/filter-tests.ts'
export {
  deleteIgnore,
  findIgnore,
  insertIgnore,
  listIgnores,
  saveIgnoreState,
  updateIgnore,
  type IgnoreRecord,
  type IgnoreState,
  type NewIgnore,
} from './queries/ignores.ts'
export { deletePause, findPause, savePause } from './queries/pauses.ts'
export { findHostByKey, insertHost, listHosts, setHostName, type NewHost } from './queries/hosts.ts'
export { hasSignedIn, isKnownSignIn, rememberSignIn, type SignIn } from './queries/known-sign-ins.ts'
export {
  deleteOperationItems,
  insertOperationItems,
  listOperationItems,
  type ItemLimits,
  type OperationItemKind,
} from './queries/operation-items.ts'
export {
  findOperation,
  findOperationParams,
  listOperationActors,
  listOperations,
  type OperationPage,
  type OperationPageQuery,
  type OperationRecord,
} from './queries/find-operations.ts'
export {
  countOperationsOfSpan,
  listOperationsOfSpan,
  type OperationPlace,
  type OperationSpan,
} from './queries/operations-of-span.ts'
export { addStateDays, deleteOldStateDays, listStateDays, type StateDayRow } from './queries/state-days.ts'
export {
  beginOperation,
  deleteOldOperations,
  endOperation,
  interruptOperations,
  reopenOperation,
  updateOperation,
  type NewOperation,
  type OperationEnd,
  type OperationLimits,
  type OperationProgress,
  type Reopening,
} from './queries/operations.ts'
export {
  listRememberedJails,
  saveRememberedJails,
  type RememberedJailKind,
} from './queries/remembered-jails.ts'
export {
  loadRuntimeState,
  saveRuntimeState,
  type OnUnreadable,
  type StoredRuntimeState,
} from './queries/runtime-state.ts'
export {
  deleteExpiredSessions,
  deleteSession,
  deleteSessionsOfUser,
  findSessionByTokenHash,
  insertSession,
  listSessions,
  listSignInAddresses,
  touchSession,
  type NewSession,
  type Session,
} from './queries/sessions.ts'
export { listSettings, setSetting, updateSettings } from './queries/settings.ts'
export { deleteTimers, findArmedTimers, listDueTimers, type Timer } from './queries/timers.ts'
export {
  countUsers,
  findUserById,
  findUserByName,
  insertFirstUser,
  insertUser,
  updateUserPassword,
  type NewUser,
  type User,
} from './queries/users.ts'
export { listTunings } from './queries/tunings.ts'
export { listVisitors } from './queries/visitors.ts'
export { insertTimers, openTestDatabase } from './testing.ts'
