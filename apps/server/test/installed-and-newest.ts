import { findFail2banVersions } from '@bangui/fail2ban/testing'

/** The fail2ban that is installed, and the newest that tests can run here; one where they are the same. */
export const installedAndNewest = findFail2banVersions().filter(
  ({ binDir }, index, all) => binDir === undefined || index === all.length - 1,
)
