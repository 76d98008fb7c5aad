import type { DaemonCapabilities } from './models/daemon-models.ts'

type Version = readonly [major: number, minor: number, patch: number]

const pattern = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?/

/** Without knowledge, nothing is used that the oldest daemon lacks. */
const unknownVersion: Version = [0, 0, 0]

/**
 * Returns what a daemon of this version supports (fail2ban's ChangeLog); a development version such as `1.1.1.dev1`
 * counts as the release before it, and an unreadable version as a daemon that supports none of it.
 */
export const capabilitiesOf = (version: string): DaemonCapabilities => {
  const is = (...least: Version) => compareVersions(parseVersion(version), least) >= 0
  return {
    banWithTime: is(0, 11, 1),
    shortStatus: is(0, 11, 2),
    banned: is(0, 11, 2),
    unbanNetwork: is(0, 11, 2),
    stats: is(1, 1, 0),
    skipIfNoLogs: is(1, 1, 1),
    conditionalParameters: is(1, 1, 1),
  }
}

const parseVersion = (text: string): Version => {
  const match = pattern.exec(text.trim())
  if (!match) return unknownVersion
  const version: Version = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
  const isDevelopment = /dev|alpha|beta|rc/i.test(text)
  return isDevelopment ? releaseBefore(version) : version
}

const releaseBefore = ([major, minor, patch]: Version): Version => {
  if (patch > 0) return [major, minor, patch - 1]
  // the last release of the line before has every feature of that line
  return minor > 0 ? [major, minor - 1, 9999] : [major - 1, 9999, 9999]
}

const compareVersions = (left: Version, right: Version): number =>
  left[0] - right[0] || left[1] - right[1] || left[2] - right[2]
