import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import type { ConfigSeen } from '../seen/config-seen.ts'
import type { JailSeen, ProcessSeen } from '../seen/daemon-seen.ts'
import type { LogFileSeen } from '../seen/files-seen.ts'
import type { OwnLogSeen } from '../seen/own-log-seen.ts'

/** Whether the files are there and read from which jails learn of failures. */
export const logFileChecks = {
  'log-missing-at-start': defineCheck(
    { needs: ['daemon', 'config'], wants: ['system'] },
    ({ seen: { daemon, config, system } }) => {
      const isDown = daemon.state === 'down'
      return {
        problems: config.jailsWithoutLog.map((jail) => {
          const wanted = config.jails.find(({ name }) => name === jail)
          const paths = wanted?.logPatterns.join(', ') ?? ''
          const place = wanted?.logPlace
          return problemOf({
            severity: isDown ? 'critical' : 'warning',
            jail,
            title: isDown
              ? `fail2ban cannot start because ${jail} has no log file`
              : `The next start of fail2ban will fail because ${jail} has no log file`,
            detail: `There is no file at ${paths || 'the log path of the jail'}. fail2ban refuses to start while an enabled jail has no log.`,
            evidence: place?.file ? [`${place.file}, line ${place.line}: logpath`] : [],
            fix:
              system?.canReadJournal === true
                ? [{ kind: 'set', scope: 'jail', name: jail, key: 'backend', value: 'systemd' }]
                : null,
            remedy: `Create the log (for example by installing rsyslog), correct logpath, read the journal instead (backend = systemd, which needs the Python module systemd), or disable ${jail}.`,
          })
        }),
      }
    },
  ),

  'log-gone': defineCheck(
    { needs: ['jails', 'logFiles'], wants: ['config', 'ownLog', 'daemon', 'process'] },
    ({ seen: { jails, logFiles, config, ownLog, daemon, process } }) => {
      const files = new Map(logFiles.map((file) => [file.path, file]))
      const unseen = jails.filter(({ logPaths }) =>
        logPaths.some((path) => files.get(path)?.kind === 'unseen'),
      )
      const oldest = daemon?.version?.startsWith('0.') === true && process ? process.startedAt : undefined
      return {
        cannotTell: unseen.map(({ name }) => ({
          jail: name,
          why: 'BanGUI has no permission to look at one of the jail’s logs.',
        })),
        problems: jails.flatMap((jail) => [
          ...missingFiles(jail, files),
          ...droppedFiles(jail, { files, config, ownLog }),
          ...replacedFolders(jail, files, oldest),
        ]),
      }
    },
  ),

  'log-unreadable': defineCheck(
    { needs: ['jails', 'ownLog', 'logFiles'], wants: ['process'] },
    ({ seen: { jails, ownLog, logFiles, process } }) => {
      const files = new Map(logFiles.map((file) => [file.path, file]))
      return {
        problems: jails.flatMap((jail) => {
          const log = ownLog.jails.get(jail.name)
          const since = Math.max(log?.foundAt ?? 0, log?.startedAt ?? 0)
          return ownLog.notes.flatMap((note) => {
            if (note.kind !== 'unreadable' || note.lastAt <= since || !jail.logPaths.includes(note.subject))
              return []
            if (process && mayRead(process, files.get(note.subject)) !== false) return []
            return [
              problemOf({
                severity: 'critical',
                jail: jail.name,
                subject: note.subject,
                title: `${jail.name}: fail2ban cannot read ${note.subject}`,
                detail:
                  'The jail is running but finds nothing, because the operating system does not let fail2ban open its log.',
                evidence: note.lines,
                remedy:
                  'Give the user that fail2ban runs as permission to read the file and its folders, then reload the jail.',
                action: { kind: 'jail.reload', jail: jail.name, addresses: [] },
              }),
            ]
          })
        }),
      }
    },
  ),

  'log-stalled': defineCheck(
    { needs: ['jails', 'ownLog'], wants: ['config'] },
    ({ seen: { jails, ownLog, config } }) => {
      const idle = ownLog.notes.find(({ kind }) => kind === 'went-idle')
      if (!idle) return {}
      // the line names no jail: it is one that has lost files, and was not loaded since
      const stalled = jails.filter((jail) => {
        const startedAt = ownLog.jails.get(jail.name)?.startedAt ?? 0
        return idle.lastAt > startedAt && droppedPaths(jail, config).length > 0 && jail.logPaths.length > 0
      })
      return {
        problems: stalled.map(({ name, logPaths }) =>
          problemOf({
            severity: 'critical',
            jail: name,
            title: `${name} has stopped reading its logs`,
            detail: `After too many errors with a file that disappeared, fail2ban no longer reads any of the jail’s files, not even ${logPaths.length === 1 ? 'the healthy one' : 'the healthy ones'}.`,
            evidence: idle.lines,
            remedy: 'Reload the jail.',
            action: { kind: 'jail.reload', jail: name, addresses: [] },
          }),
        ),
      }
    },
  ),
} satisfies HealthChecks

const missingFiles = (jail: JailSeen, files: ReadonlyMap<string, LogFileSeen>) =>
  jail.logPaths.flatMap((path) => {
    const kind = files.get(path)?.kind
    if (kind !== 'missing' && kind !== 'folder') return []
    return [
      problemOf({
        severity: 'critical',
        jail: jail.name,
        subject: path,
        title: `${jail.name}: the log ${path} ${kind === 'missing' ? 'has disappeared' : 'is a folder'}`,
        detail:
          'The jail keeps running as if nothing were wrong, but finds no failures in this file. fail2ban logs nothing about it.',
        evidence: [`stat ${path}: ${kind === 'missing' ? 'No such file or directory' : 'it is a folder'}`],
        remedy:
          'Find out why the service no longer writes this file. When the file is back, reload the jail.',
      }),
    ]
  })

interface DroppedContext {
  readonly files: ReadonlyMap<string, LogFileSeen>
  readonly config: ConfigSeen | undefined
  readonly ownLog: OwnLogSeen | undefined
}

const droppedFiles = (jail: JailSeen, { files, config, ownLog }: DroppedContext) =>
  droppedPaths(jail, config).flatMap((path) => {
    const note = ownLog?.notes.find(({ kind, subject }) => kind === 'dropped' && subject === path)
    const isThere = files.get(path)?.kind === 'file'
    const wanted = config?.jails.find(({ name }) => name === jail.name)
    // a new file that a pattern finds is reported by another check
    if (!note && !(isThere && wanted?.logPatterns.includes(path) === true)) return []
    return [
      problemOf({
        severity: 'critical',
        jail: jail.name,
        subject: path,
        title: note
          ? `${jail.name}: fail2ban has given up reading ${path}`
          : `${jail.name}: fail2ban does not read ${path}`,
        detail: !note
          ? 'The configuration names the file, but the jail does not read it: the file was added or created after the jail was loaded.'
          : isThere
            ? 'The file was missing for a while. It is back, but fail2ban will not read it until the jail is reloaded.'
            : 'The file is missing. Even when it is back, fail2ban will not read it until the jail is reloaded.',
        evidence: note?.lines ?? [`get ${jail.name} logpath: ${jail.logPaths.join(' ')}`],
        remedy: isThere ? 'Reload the jail.' : 'Reload the jail when the file is back.',
        action: isThere ? { kind: 'jail.reload', jail: jail.name, addresses: [] } : null,
      }),
    ]
  })

/** The files that the configuration names for a jail and that the daemon does not read. */
function droppedPaths(jail: JailSeen, config: ConfigSeen | undefined): string[] {
  const wanted = config?.stream?.jails.find(({ name }) => name === jail.name)
  const patterns = config?.jails.find(({ name }) => name === jail.name)?.logPatterns ?? []
  const named = [...(wanted?.logPaths ?? []), ...patterns.filter((path) => !/[*?[]/.test(path))]
  return [...new Set(named)].filter((path) => !jail.logPaths.includes(path))
}

/** The kernel gives the time of a start to a second or so. */
const START_MARGIN_MS = 10_000

/** fail2ban 0.11 with pyinotify does not notice that a whole folder was removed and made again. */
const replacedFolders = (
  jail: JailSeen,
  files: ReadonlyMap<string, LogFileSeen>,
  daemonStartedAt: number | undefined,
) =>
  daemonStartedAt === undefined
    ? []
    : jail.logPaths.flatMap((path) => {
        const file = files.get(path)
        if (!file || file.folderBornAt <= daemonStartedAt + START_MARGIN_MS || file.folderBornAt === 0)
          return []
        return [
          problemOf({
            severity: 'hint',
            jail: jail.name,
            subject: path,
            title: `${jail.name}: the folder of ${path} was created after fail2ban started`,
            detail:
              'fail2ban 0.11 with pyinotify does not read files in a folder that was removed and created again.',
            remedy: 'Reload the jail.',
            action: { kind: 'jail.reload', jail: jail.name, addresses: [] },
          }),
        ]
      })

/** Returns whether a process may open a file by its permissions; undefined: that is not known. Access lists are not looked at. */
function mayRead(process: ProcessSeen, file: LogFileSeen | undefined): boolean | undefined {
  if (process.readsEverything) return true
  if (file?.kind !== 'file') return undefined
  const bits = file.uid === process.uid ? 0o400 : process.groups.includes(file.gid) ? 0o040 : 0o004
  return (file.mode & bits) !== 0
}
