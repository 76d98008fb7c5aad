import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PrivateDaemon } from '@bangui/fail2ban'

/** An action of fail2ban that writes down what it is told: fail2ban's log does not have everything. */
const text = `
import time
from fail2ban.server.action import ActionBase
class CountAction(ActionBase):
    def __init__(self, jail, name, path="", pause=0):
        super().__init__(jail, name)
        self.path = path
        self.pause = float(pause)
    def note(self, what, info):
        if self.pause: time.sleep(self.pause)
        with open(self.path, "a") as file: file.write("%s %s\\n" % (what, info["ip"]))
    def ban(self, info): self.note("restored" if info["restored"] else "ban", info)
    def unban(self, info): self.note("unban", info)
    def flush(self): pass
Action = CountAction
`

/** The options of a jail whose action writes down its bans. @param pause seconds that each ban takes */
export const countingJail = (folder: string, pause = 0) => ({
  action: `count.py[path="${folder}/bans-of-%(__name__)s", pause="${pause}"]`,
})

/** Adds the action to the configuration of a daemon. */
export const addCountingAction = (daemon: Pick<PrivateDaemon, 'configDir'>): Promise<void> =>
  writeFile(join(daemon.configDir, 'action.d', 'count.py'), text)

/** Returns how often the action of a jail was told each thing, by `ban 45.1.1.1`. */
export async function countsOf(folder: string, jail: string): Promise<ReadonlyMap<string, number>> {
  const noted = await readFile(join(folder, `bans-of-${jail}`), 'utf8').catch(() => '')
  const counts = new Map<string, number>()
  for (const line of noted.split('\n').filter(Boolean)) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}
